/** What a log looks like on the screen, item by item. */

import { isSameDay } from "../core/clock";
import type { Intent } from "../core/outbox";
import type { Entry } from "../protocol";

export type Item =
  | { readonly type: "day"; readonly key: string; readonly at: number }
  | {
      readonly type: "bubble" | "note" | "event" | "product" | "offer";
      readonly key: string;
      readonly entry: Entry;
      /** Whether the same person goes on in the same minute. */
      readonly goesOn: boolean;
    }
  | { readonly type: "pending"; readonly key: string; readonly intent: Intent };

const TYPES: Readonly<
  Record<string, "bubble" | "note" | "event" | "product" | "offer">
> = {
  message: "bubble",
  note: "note",
  taken: "event",
  released: "event",
  closed: "event",
  reopened: "event",
  rated: "event",
  transcript: "event",
  product: "product",
  offer: "offer",
  letter: "event",
  contact: "event",
  cart: "event",
  withdrawn: "event",
  ordered: "event",
  order: "event",
  auto: "event",
  routed: "event",
  offered: "event",
  declined: "event",
  raised: "event",
  followed: "event",
};
const MINUTE_MS = 60_000;

/**
 * Return the items of a log in order: a line where a day begins, entries of a kind that
 * is known, and behind them what the server has not confirmed.
 */
export function itemsOf(entries: readonly Entry[], intents: readonly Intent[]): Item[] {
  const shown = entries.filter((entry) => TYPES[entry.kind]);
  const items: Item[] = [];
  shown.forEach((entry, place) => {
    const before = shown[place - 1];
    if (!before || !isSameDay(before.at, entry.at)) {
      items.push({ type: "day", key: `day-${entry.seq}`, at: entry.at });
    }
    const type = TYPES[entry.kind] ?? "event";
    const goesOn = type === "bubble" && isSameBreath(entry, shown[place + 1]);
    items.push({ type, key: entry.cmid, entry, goesOn });
  });
  const logged = new Set(shown.map((entry) => entry.cmid));
  for (const intent of intents) {
    if (!logged.has(intent.cmid)) {
      items.push({ type: "pending", key: intent.cmid, intent });
    }
  }
  return items;
}

/**
 * Return the client id of the first reply and the milliseconds it took, when the log
 * is here from its beginning.
 */
export function firstReply(
  entries: readonly Entry[],
  from: number,
): { cmid: string; ms: number } | null {
  const messages = entries.filter((entry) => entry.kind === "message");
  const question = messages.find((entry) => entry.author === "visitor");
  const reply = messages.find((entry) => entry.author === "operator");
  if (from > 1 || !question || !reply || reply.seq < question.seq) {
    return null;
  }
  return { cmid: reply.cmid, ms: reply.at - question.at };
}

function isSameBreath(entry: Entry, next: Entry | undefined): boolean {
  return (
    next?.kind === "message" &&
    next.author === entry.author &&
    next.by === entry.by &&
    next.at - entry.at < MINUTE_MS
  );
}
