/** Things to test the workspace with. */

import { vi } from "vitest";
import { Actions } from "../../src/console/actions";
import { readConfig } from "../../src/console/config";
import type { Desk } from "../../src/console/desk";
import { Drafts } from "../../src/console/drafts";
import { receiveCopy } from "../../src/console/frames";
import { Left } from "../../src/console/left";
import { Letters } from "../../src/console/letters";
import { loadPrefs } from "../../src/console/prefs";
import { Shop } from "../../src/console/shop";
import { createState } from "../../src/console/state";
import english from "../../src/console/strings/en.json";
import { Threads } from "../../src/console/threads";
import { Toasts } from "../../src/console/toasts";
import { Visits } from "../../src/console/visits";
import type { Words } from "../../src/console/words";
import type { Http } from "../../src/core/http";
import type { Shelf } from "../../src/core/storage";
import { type ConversationState, emptyConversation } from "../../src/core/store";
import { createStrings } from "../../src/core/strings";
import type { Entry, InboxRow, OperatorSession } from "../../src/protocol";

export const ME = "7";
export const NOW = 1_700_000_000_000;
export const LIMITS = { goal: 15, limit: 20, quiet: 600 };

export const t: Words = createStrings("en", english);

/** Return a desk whose server answers by ``answers``, by the end of the path. */
export function makeDesk(answers: Record<string, unknown> = {}) {
  const asked: { path: string; body?: unknown }[] = [];
  const answer = async <T>(path: string, body?: unknown): Promise<T> => {
    asked.push(body === undefined ? { path } : { path, body });
    const name = Object.keys(answers).find((each) => path.includes(each));
    const found = name === undefined ? {} : answers[name];
    if (found instanceof Error) {
      throw found;
    }
    return found as T;
  };
  const http: Http = { get: (path) => answer(path), post: answer };
  const state = createState(makeSession());
  const sent: [string, string, string][] = [];
  const sync = {
    follow: vi.fn((conv: string, known: Partial<ConversationState> = {}) =>
      receiveCopy(state, emptyConversation(conv, known)),
    ),
    unfollow: vi.fn(),
    get: (conv: string) => state.copies.peek().get(conv),
    read: vi.fn(),
    whisper: vi.fn(),
    start: vi.fn(),
  };
  const outbox = {
    add: vi.fn(async (conv: string, text: string, kind: string) => {
      sent.push([conv, text, kind]);
    }),
    retry: vi.fn(),
    withdraw: vi.fn(),
  };
  const shelf = makeShelf();
  const toasts = new Toasts(state);
  const threads = new Threads(state, http, sync);
  const actions = new Actions({ state, http, threads, toasts, t });
  const prefs = loadPrefs(shelf);
  const drafts = new Drafts(shelf);
  const config = readConfig(document);
  const visits = new Visits(http);
  const shop = new Shop({ http, toasts, t });
  const kept = { state, toasts, threads, actions, prefs, drafts, config, t };
  const left = new Left({ state, http, toasts, t });
  const parts = { ...kept, visits, shop, left, letters: new Letters(http) };
  const desk = { ...parts, lang: "en", sync, outbox } as unknown as Desk;
  return { ...parts, desk, asked, sent, sync, outbox };
}

let number = 0;

/** Return a row; ``waited`` is in seconds before ``NOW``. */
export function makeRow(given: Partial<InboxRow> & { waited?: number } = {}): InboxRow {
  number += 1;
  const { waited, ...rest } = given;
  return {
    conv: `conv${number}`,
    head: 1,
    status: rest.owner ? "open" : "waiting",
    visitor: `Visitor ${number}`,
    visitor_number: number,
    preview_at: NOW - 1_000 * number,
    ...(waited === undefined ? {} : { waiting_since: NOW - waited * 1_000 }),
    ...rest,
  };
}

export function makeEntry(seq: number, given: Partial<Entry> = {}): Entry {
  return {
    seq,
    kind: "message",
    author: "visitor",
    at: NOW + seq * 1_000,
    cmid: `cmid${seq}`,
    text: `words ${seq}`,
    ...given,
  };
}

export function makeCopy(
  conv: string,
  entries: readonly Entry[],
  given: Partial<ConversationState> = {},
): ConversationState {
  const cursor = entries.at(-1)?.seq ?? 0;
  return emptyConversation(conv, { cursor, head: cursor, entries, ...given });
}

export function makeSession(given: Partial<OperatorSession> = {}): OperatorSession {
  return {
    operator: { id: ME, name: "Anna Sokolova" },
    status: "online",
    capacity: 5,
    load: 0,
    is_manager: false,
    epoch: "e",
    server_time: NOW,
    goal_s: LIMITS.goal,
    limit_s: LIMITS.limit,
    quiet_s: LIMITS.quiet,
    sneak_peek: true,
    day: {},
    ...given,
  };
}

/** Return a shelf in memory that can be looked into. */
export function makeShelf(): Shelf & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void kept.set(name, value),
    remove: (name) => void kept.delete(name),
  };
}
