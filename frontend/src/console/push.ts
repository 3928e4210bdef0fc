/** The switch of pushes: whether this browser is called while no workspace is open. */

import { type Signal, signal } from "@preact/signals";
import type { Http } from "../core/http";
import type { PushTrial } from "../protocol";

/** What the switch may say: the truth of the browser, not the wish of the page. */
export type PushState = "none" | "off" | "on" | "denied" | "failed" | "busy";

interface Needs {
  readonly http: Pick<Http, "post">;
  /** The shop's public key; empty where there is no push. */
  readonly key: string;
  readonly worker: string;
  readonly scope: string;
  readonly lang: string;
}

const ID = /^[0-9a-f]{32}$/;

export class Push {
  readonly state: Signal<PushState> = signal("none");
  private registration: ServiceWorkerRegistration | null = null;

  constructor(private readonly needs: Needs) {}

  /** Register the worker, see what the browser allows, hear what it opens. */
  async start(open: (conv: string) => void): Promise<void> {
    const { key, worker, scope } = this.needs;
    if (!key || !("serviceWorker" in navigator) || !("PushManager" in window)) {
      return;
    }
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      const conv = (data as { open?: unknown } | null)?.open;
      if (typeof conv === "string" && ID.test(conv)) {
        open(conv);
      }
    });
    try {
      this.registration = await navigator.serviceWorker.register(worker, { scope });
      const known = await this.registration.pushManager.getSubscription();
      if (known && Notification.permission === "granted") {
        await this.tell(known);
      }
      this.state.value = known ? truth("on") : truth("off");
    } catch {
      this.state.value = "failed";
    }
  }

  /** Ask the browser, then tell the server where it can be called. */
  async turnOn(): Promise<void> {
    const manager = this.registration?.pushManager;
    if (!manager || this.state.peek() === "busy") {
      return;
    }
    this.state.value = "busy";
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        this.state.value = truth("off");
        return;
      }
      const applicationServerKey = bytesOf(this.needs.key);
      await this.tell(
        await manager.subscribe({ userVisibleOnly: true, applicationServerKey }),
      );
      this.state.value = "on";
    } catch {
      this.state.value = truth("failed");
    }
  }

  async turnOff(): Promise<void> {
    const known = await this.registration?.pushManager.getSubscription();
    this.state.value = truth("off");
    if (known) {
      const { endpoint } = known;
      await known.unsubscribe().catch(() => false);
      await this.needs.http.post("operator/push/end/", { endpoint }).catch(() => null);
    }
  }

  /** Let all devices of this operator be called once; return how many there are. */
  async tryOut(): Promise<number> {
    if (!this.needs.key) {
      return 0;
    }
    const tried = this.needs.http.post<PushTrial>("operator/push/try/", {});
    return (await tried.catch(() => null))?.devices ?? 0;
  }

  private async tell(subscription: PushSubscription): Promise<void> {
    const { endpoint, keys = {} } = subscription.toJSON();
    const { p256dh = "", auth = "" } = keys;
    const language = this.needs.lang;
    await this.needs.http.post("operator/push/", { endpoint, p256dh, auth, language });
  }
}

function truth(state: PushState): PushState {
  return Notification.permission === "denied" ? "denied" : state;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
