/**
 * The workspace's service worker: shows that a visitor waits while no page is in sight,
 * and opens his dialog at a touch. It keeps and answers nothing of the page itself.
 */

interface Told {
  readonly title?: string;
  readonly body?: string;
  readonly conv?: string;
  readonly url?: string;
  /** Shown beside an open page, too. */
  readonly always?: boolean;
}

interface Page {
  readonly url: string;
  readonly visibilityState: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
  readonly data?: { json(): unknown } | null;
  readonly notification?: Notification;
}

interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: object): Promise<Page[]>;
    openWindow(url: string): Promise<unknown>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(name: string, listener: (event: WorkerEvent) => void): void;
}

const worker = self as unknown as Worker;
const PAGES = { type: "window", includeUncontrolled: true };

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", (event) => event.waitUntil(show(read(event))));
worker.addEventListener("notificationclick", (event) => {
  event.notification?.close();
  event.waitUntil(open((event.notification?.data ?? {}) as Told));
});

function read(event: WorkerEvent): Told {
  try {
    return (event.data?.json() ?? {}) as Told;
  } catch {
    return {};
  }
}

async function pages(): Promise<Page[]> {
  const all = await worker.clients.matchAll(PAGES);
  return all.filter(({ url }) => url.startsWith(worker.registration.scope));
}

async function show(told: Told): Promise<void> {
  const isSeen = (await pages()).some((page) => page.visibilityState === "visible");
  if (isSeen && !told.always) {
    return;
  }
  const options: NotificationOptions & { renotify: boolean } = {
    body: told.body ?? "",
    tag: `chatdesk-${told.conv ?? ""}`,
    renotify: true,
    data: told,
  };
  await worker.registration.showNotification(told.title || "Chat", options);
}

async function open({ conv = "" }: Told): Promise<void> {
  const [page] = await pages();
  if (page) {
    page.postMessage({ open: conv });
    await page.focus();
  } else {
    await worker.clients.openWindow(`${worker.registration.scope}#${conv}`);
  }
}

export {};
