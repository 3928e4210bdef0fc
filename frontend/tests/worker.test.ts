/** The workspace's service worker, over a browser whose pages the test gives. */

import { beforeEach, expect, test, vi } from "vitest";

const SCOPE = "https://shop.example/chatdesk/console/";
const CONV = "0123456789abcdef0123456789abcdef";

interface FakePage {
  url: string;
  visibilityState: string;
  focus: () => Promise<void>;
  postMessage: (message: unknown) => void;
}

let listeners: Record<string, (event: object) => void>;
let pages: FakePage[];
let opened: string[];
let shown: { title: string; options: { body: string; data: unknown } }[];

beforeEach(async () => {
  listeners = {};
  pages = [];
  opened = [];
  shown = [];
  vi.stubGlobal("self", {
    registration: {
      scope: SCOPE,
      showNotification: (title: string, options: { body: string; data: unknown }) => {
        shown.push({ title, options });
        return Promise.resolve();
      },
    },
    clients: {
      matchAll: () => Promise.resolve(pages),
      openWindow: (url: string) => {
        opened.push(url);
        return Promise.resolve();
      },
    },
    addEventListener: (name: string, listener: (event: object) => void) => {
      listeners[name] = listener;
    },
  });
  vi.resetModules();
  await import("../src/worker/main");
});

function page(url: string, visibilityState = "hidden"): FakePage {
  const made = { url, visibilityState, focus: vi.fn(), postMessage: vi.fn() };
  made.focus.mockResolvedValue(undefined);
  pages.push(made);
  return made;
}

async function happens(name: string, event: object): Promise<void> {
  let work: Promise<unknown> = Promise.resolve();
  const waitUntil = (promise: Promise<unknown>) => {
    work = promise;
  };
  listeners[name]?.({ waitUntil, ...event });
  await work;
}

const touch = () =>
  happens("notificationclick", { notification: { close() {}, data: { conv: CONV } } });

const call = (told: unknown) => happens("push", { data: { json: () => told } });

test("a touch opens the dialog in a workspace of its own when none is open", async () => {
  page("https://shop.example/");
  await touch();
  expect(opened).toEqual([`${SCOPE}#${CONV}`]);
});

test("a touch turns to the open workspace and tells it which dialog", async () => {
  const shop = page("https://shop.example/kettles/");
  const desk = page(SCOPE);
  await touch();
  expect(desk.postMessage).toHaveBeenCalledWith({ open: CONV });
  expect(desk.focus).toHaveBeenCalled();
  expect(shop.focus).not.toHaveBeenCalled();
  expect(opened).toEqual([]);
});

test("a trial is shown beside the workspace that asked for it", async () => {
  page(SCOPE, "visible");
  await call({ title: "This is how", always: true });
  expect(shown.map(({ title }) => title)).toEqual(["This is how"]);
});

test("a call is shown unless a workspace is in sight", async () => {
  page(SCOPE);
  await call({ title: "A visitor waits", conv: CONV });
  expect(shown.map(({ title }) => title)).toEqual(["A visitor waits"]);
  expect(shown[0]?.options.data).toEqual({ title: "A visitor waits", conv: CONV });
  page(SCOPE, "visible");
  await call({ title: "Another", conv: CONV });
  expect(shown).toHaveLength(1);
});
