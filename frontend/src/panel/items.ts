/** The lines of the log as they are shown, from entries and intents: pure. */

import { formatDay, formatTime, isSameDay } from "../core/clock";
import type { Intent } from "../core/outbox";
import { type ConversationState, ownState } from "../core/store";
import type { Entry, OperatorCard } from "../protocol";
import { firstName, type T } from "./words";

export type MessageState =
  | "waiting"
  | "sending"
  | "trying"
  | "sent"
  | "delivered"
  | "read"
  | "failed";

export interface DayItem {
  type: "day" | "system";
  key: string;
  text: string;
}

export interface MessageItem {
  type: "message";
  key: string;
  isMine: boolean;
  text: string;
  at: number;
  time: string;
  operator: OperatorCard | null;
  /** Written by the shop's clock and not by a person. */
  isAuto: boolean;
  /** Goes on what the line before began, by the same person. */
  isContinued: boolean;
  /** Last of its group: there stand the photo and the name. */
  isLast: boolean;
  /** Shown under the visitor's last words, and under each that failed. */
  state: MessageState | null;
  code: string;
}

/** A card of the shop, or news of an order. */
export interface ShopItem {
  type: "shop";
  key: string;
  entry: Entry;
  time: string;
}

export type Item = DayItem | MessageItem | ShopItem;

const SHOP = /^(product|offer|withdrawn|cart|order(ed)?)$/;

export interface Sources {
  copy: ConversationState | null;
  intents: readonly Intent[];
  cards: ReadonlyMap<string, OperatorCard>;
  now: number;
  lang: string;
  t: T;
}

/** An answer that takes longer than this is said to be late. */
const LATE_MS = 10_000;

/** Return days, words and events in the order of the screen. */
export function buildItems(sources: Sources): Item[] {
  const lines = [...entryLines(sources), ...intentLines(sources)];
  const items: Item[] = [];
  let before: { at: number; item: Item } | null = null;
  for (const { at, item } of lines) {
    if (!before || !isSameDay(before.at, at)) {
      const text = formatDay(at, sources.lang, sources.now);
      items.push({ type: "day", key: `day-${item.key}`, text });
      before = null;
    }
    if (item.type === "message" && before?.item.type === "message") {
      item.isContinued = isSamePerson(before.item, item);
      before.item.isLast = !item.isContinued;
    }
    items.push(item);
    before = { at, item };
  }
  labelOnlyLast(items);
  return items;
}

interface Line {
  at: number;
  item: Item;
}

function entryLines({ copy, cards, lang, t }: Sources): Line[] {
  return (copy?.entries ?? []).flatMap((entry): Line[] => {
    const time = formatTime(entry.at, lang);
    if (entry.kind === "message" || entry.kind === "auto") {
      const isMine = entry.author === "visitor";
      const state = isMine && copy ? ownState(entry, copy.marks, "visitor") : null;
      const operator = cards.get(entry.by ?? "") ?? null;
      const item = message(entry.cmid, entry.text ?? "", isMine);
      const isAuto = entry.kind === "auto";
      const more = { at: entry.at, time, operator, state, isAuto };
      return [{ at: entry.at, item: { ...item, ...more } }];
    }
    if (SHOP.test(entry.kind)) {
      const item: ShopItem = { type: "shop", key: entry.cmid, entry, time };
      return [{ at: entry.at, item }];
    }
    const text = systemText(entry, time, t);
    const item: DayItem = { type: "system", key: `n${entry.seq}`, text };
    return text ? [{ at: entry.at, item }] : [];
  });
}

function intentLines({ copy, intents, now, lang }: Sources): Line[] {
  const known = new Set(copy?.entries.map((entry) => entry.cmid));
  return intents
    .filter((intent) => !known.has(intent.cmid))
    .map((intent) => {
      const at = intent.at ?? intent.madeAt;
      const item = message(intent.cmid, intent.text, true);
      const state = stateOf(intent, now);
      const time = formatTime(at, lang);
      return { at, item: { ...item, at, time, state, code: intent.code ?? "" } };
    });
}

function message(key: string, text: string, isMine: boolean): MessageItem {
  return {
    type: "message",
    key,
    isMine,
    text,
    at: 0,
    time: "",
    operator: null,
    isAuto: false,
    isContinued: false,
    isLast: true,
    state: null,
    code: "",
  };
}

function stateOf(intent: Intent, now: number): MessageState {
  const isLate =
    intent.state === "sending" && now - (intent.since ?? intent.madeAt) > LATE_MS;
  return isLate ? "trying" : intent.state;
}

function systemText(entry: Entry, time: string, t: T): string {
  switch (entry.kind) {
    case "taken": {
      const name = entry.data?.name;
      return typeof name === "string"
        ? t("joins", { name: firstName(name) })
        : t("someone_joins");
    }
    case "closed":
      return t(entry.author === "visitor" ? "ended_by_you" : "ended_by_us", { time });
    case "reopened":
      return t("reopened");
    default:
      // Kinds that a later release brings, and those that need no words here.
      return "";
  }
}

function isSamePerson(left: MessageItem, right: MessageItem): boolean {
  return left.isMine === right.isMine && left.operator?.id === right.operator?.id;
}

function labelOnlyLast(items: Item[]): void {
  let isLabelled = false;
  for (const item of [...items].reverse()) {
    if (item.type === "message" && item.isMine && item.state !== "failed") {
      if (isLabelled) {
        item.state = null;
      }
      isLabelled = true;
    }
  }
}
