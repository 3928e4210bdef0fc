/**
 * What this person meant to say and the server has not confirmed yet.
 *
 * An intent is stored before it is sent and forgotten only when the server has
 * acknowledged it, when the entry was seen in the log, or when its author deletes it.
 * Of each conversation one intent at a time is under way, in the order of writing.
 * Sending twice does no harm, to the same tab or to another: the client id makes it
 * one entry.
 */

import type { Nack } from "../protocol";
import { makeId } from "./ids";
import { byAge, type Intent, isPending, type Receipt, revive } from "./intents";
import type { RecordStore } from "./storage";

export { type Intent, type IntentState, NEW, type Receipt } from "./intents";

/** Hands one intent to the network; the answer comes later or never. */
export type Carrier = (intent: Intent) => void;

const ANSWER_LIMIT_MS = 5_000;
const RETRY_MS = 2_000;
const STORE_LIMIT_MS = 1_000;

interface Flight {
  cmid: string;
  timer: ReturnType<typeof setTimeout>;
}

export class Outbox {
  private intents: Intent[] = [];
  private carrier: Carrier | null = null;
  private readonly flights = new Map<string, Flight>();
  private latest = 0;
  private readonly others: BroadcastChannel | null;

  constructor(
    private readonly records: RecordStore<Intent>,
    private readonly onChange: (intents: readonly Intent[]) => void,
    name = "",
  ) {
    this.others = openChannel(name);
    if (this.others) {
      this.others.onmessage = (event) => this.forget(String(event.data));
    }
  }

  /** Bring back what an earlier page, or another tab, left unconfirmed. */
  async load(): Promise<void> {
    const known = new Set(this.intents.map((intent) => intent.cmid));
    const stored = await this.records.all().catch(() => []);
    const fresh = stored.filter((intent) => !known.has(intent.cmid));
    if (fresh.length > 0) {
      const state = this.carrier ? "sending" : "waiting";
      const revived = fresh.map((each) => revive(each, state));
      this.intents = [...this.intents, ...revived].sort(byAge);
      this.latest = this.intents.at(-1)?.madeAt ?? 0;
      this.tell();
      this.pumpAll();
    }
  }

  list(conv?: string): readonly Intent[] {
    return conv === undefined
      ? this.intents
      : this.intents.filter((intent) => intent.conv === conv);
  }

  /** Take a new intent; it is on the screen at once and on its way when stored. */
  async add(
    conv: string,
    text: string,
    kind: "message" | "note" = "message",
  ): Promise<Intent> {
    this.latest = Math.max(this.latest + 1, Date.now());
    const intent: Intent = {
      cmid: makeId(),
      conv,
      kind,
      text,
      madeAt: this.latest,
      state: this.carrier ? "sending" : "waiting",
      ...(this.carrier ? { since: Date.now() } : {}),
    };
    this.intents = [...this.intents, intent];
    this.tell();
    await this.keep(intent);
    this.pump(conv);
    return intent;
  }

  /** The network is there: send through ``carrier`` until ``disconnect``. */
  connect(carrier: Carrier): void {
    this.land();
    this.carrier = carrier;
    this.updateAll((intent) => ({ ...intent, state: "sending", since: Date.now() }));
    this.pumpAll();
    void this.load();
  }

  disconnect(): void {
    this.land();
    this.carrier = null;
    this.updateAll((intent) => ({ ...intent, state: "waiting" }));
  }

  /** The server has it. */
  settle(receipt: Receipt): void {
    const intent = this.find(receipt.cmid);
    if (!intent) {
      return;
    }
    this.update({ ...intent, state: "sent", seq: receipt.seq, at: receipt.at });
    void this.records.remove(intent.cmid).catch(() => undefined);
    this.next(intent);
  }

  /** The server refused it: for good, or to be tried again a little later. */
  refuse(nack: Pick<Nack, "cmid" | "code" | "final" | "retry_after" | "text">): void {
    const intent = this.find(nack.cmid ?? "");
    if (!intent || intent.state === "sent") {
      return;
    }
    if (!nack.final) {
      this.fly(intent, (nack.retry_after ?? 0) * 1000 || RETRY_MS);
      return;
    }
    const failed: Intent = {
      ...intent,
      state: "failed",
      code: nack.code,
      reason: nack.text ?? "",
    };
    this.update(failed);
    void this.keep(failed);
    this.next(failed);
  }

  /** Try a failed intent once more, under the same client id. */
  retry(cmid: string): void {
    const intent = this.find(cmid);
    if (intent?.state === "failed") {
      const { code: _code, reason: _reason, ...rest } = intent;
      const again: Intent = {
        ...rest,
        state: this.carrier ? "sending" : "waiting",
        since: Date.now(),
      };
      this.update(again);
      void this.keep(again);
      this.pump(again.conv);
    }
  }

  /** Delete an intent that failed or never left; its author wants it gone. */
  withdraw(cmid: string): void {
    const intent = this.find(cmid);
    if (intent && (intent.state === "failed" || intent.state === "waiting")) {
      this.forget(cmid);
      this.others?.postMessage(cmid);
    }
  }

  /** Forget everything: it is somebody else's. */
  clear(): void {
    this.land();
    for (const { cmid } of this.intents) {
      this.forget(cmid);
      this.others?.postMessage(cmid);
    }
  }

  /** These client ids are in the log: their entries stand for them now. */
  absorb(cmids: readonly string[]): void {
    for (const cmid of cmids) {
      if (this.find(cmid)) {
        this.forget(cmid);
      }
    }
  }

  /** Give intents another conversation, once the first message has made one. */
  async move(from: string, to: string): Promise<void> {
    const moved = this.intents.filter((intent) => intent.conv === from);
    this.land(from);
    this.intents = this.intents.map((intent) =>
      intent.conv === from ? { ...intent, conv: to } : intent,
    );
    this.tell();
    await Promise.all(moved.map((each) => this.keep({ ...each, conv: to })));
    this.pump(to);
  }

  close(): void {
    this.land();
    this.others?.close();
  }

  private pumpAll(): void {
    for (const conv of new Set(this.intents.map((intent) => intent.conv))) {
      this.pump(conv);
    }
  }

  private pump(conv: string): void {
    if (!this.carrier || this.flights.has(conv)) {
      return;
    }
    const first = this.list(conv).find((intent) => isPending(intent));
    if (first) {
      this.fly(first, ANSWER_LIMIT_MS);
      this.carrier(first);
    }
  }

  /** Hold the conversation until an answer or until ``ms`` have passed. */
  private fly(intent: Intent, ms: number): void {
    clearTimeout(this.flights.get(intent.conv)?.timer);
    const timer = setTimeout(() => {
      this.flights.delete(intent.conv);
      this.pump(intent.conv);
    }, ms);
    this.flights.set(intent.conv, { cmid: intent.cmid, timer });
  }

  private next(intent: Intent): void {
    if (this.flights.get(intent.conv)?.cmid === intent.cmid) {
      this.land(intent.conv);
    }
    this.pump(intent.conv);
  }

  private land(conv?: string): void {
    for (const [key, flight] of this.flights) {
      if (conv === undefined || key === conv) {
        clearTimeout(flight.timer);
        this.flights.delete(key);
      }
    }
  }

  private forget(cmid: string): void {
    const intent = this.find(cmid);
    if (!intent) {
      return;
    }
    this.intents = this.intents.filter((each) => each.cmid !== cmid);
    void this.records.remove(cmid).catch(() => undefined);
    this.tell();
    this.next(intent);
  }

  private async keep(intent: Intent): Promise<void> {
    // Storage that refuses or hangs must not stop the sending: the tab has the words.
    await Promise.race([
      this.records.put(intent).catch(() => undefined),
      pause(STORE_LIMIT_MS),
    ]);
  }

  private find(cmid: string): Intent | undefined {
    return this.intents.find((intent) => intent.cmid === cmid);
  }

  private update(changed: Intent): void {
    this.intents = this.intents.map((each) =>
      each.cmid === changed.cmid ? changed : each,
    );
    this.tell();
  }

  private updateAll(change: (intent: Intent) => Intent): void {
    this.intents = this.intents.map((each) => (isPending(each) ? change(each) : each));
    this.tell();
  }

  private tell(): void {
    this.onChange(this.intents);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function openChannel(name: string): BroadcastChannel | null {
  try {
    return name ? new BroadcastChannel(`chatdesk:${name}`) : null;
  } catch {
    return null;
  }
}
