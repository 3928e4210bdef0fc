/** What the workspace knows and shows, as signals; nothing here talks to the server. */

import { computed, signal } from "@preact/signals";
import { serverNow } from "../core/clock";
import type { Intent } from "../core/outbox";
import { type ConversationState, emptyConversation } from "../core/store";
import type { Link } from "../core/sync";
import type {
  CannedReply,
  Colleague,
  Earned,
  Entry,
  InboxRow,
  Letter,
  OperatorCard,
  OperatorSession,
  OwnDay,
  PastDialog,
  Thread,
  VisitorCard,
} from "../protocol";
import {
  closedRows,
  holdsPlace,
  isClosed,
  isMine,
  leftRows,
  myRows,
  offeredRows,
  type Rows,
  type Tab,
  teamRows,
  waitingRows,
} from "./inbox";
import { freshRows } from "./live";
import { type Limits, rowLevel } from "./reaction";

export type View = "list" | "chat" | "visitor";
export type Status = "online" | "away" | "offline";
export type Sheet = "keys" | "results" | "rules" | null;

/** Why somebody is away, and when he means to be back. */
export interface Absence {
  readonly reason: string;
  readonly backAt: number | null;
}

/** What is known of a dialog beside its log. */
export interface Dossier {
  readonly visitor: VisitorCard;
  readonly operators: readonly OperatorCard[];
  readonly past: readonly PastDialog[];
  readonly firstReply: number | null;
  readonly letter?: Letter | null;
}

/** Earlier entries that were asked for, which the followed copy does not hold. */
export interface Older {
  readonly from: number;
  readonly to: number;
  readonly entries: readonly Entry[];
}

/** What a visitor types and has not sent; empty text is mere typing. */
export interface Peek {
  readonly text: string;
  readonly at: number;
}

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
  readonly undo?: () => void;
  readonly show?: () => void;
}

export type State = ReturnType<typeof createState>;

/** Return the signals that a session of work begins with. */
export function createState(session: OperatorSession) {
  const me = session.operator;
  const { goal_s: goal, limit_s: limit, quiet_s: quiet } = session;
  const limits: Limits = { goal, limit, quiet };
  const now = signal(serverNow());
  const selected = signal<string | null>(null);
  const copies = signal<ReadonlyMap<string, ConversationState>>(new Map());
  const told = signal<Rows>(new Map());
  const rows = computed(() => freshRows(told.value, copies.value));
  const dossiers = signal<ReadonlyMap<string, Dossier>>(new Map());

  // The order changes only when somebody crosses a limit, not with every second.
  const levels = computed(() =>
    [...rows.value.values()]
      .map((row) => rowLevel(row, now.value, limits) ?? "-")
      .join(""),
  );
  const ordered = <T>(order: (at: number) => T) =>
    computed(() => {
      void levels.value;
      return order(now.peek());
    });

  const hasInbox = signal(false);
  const capacity = signal(session.capacity);
  const toldLoad = signal(session.load);
  const link = signal<Link>("idle");
  const mine = ordered((at) => myRows(rows.value, me.id, at, limits));

  return {
    me,
    limits,
    isManager: session.is_manager,
    now,
    /** The rows as the server last sent them, and as the followed logs continue them. */
    told,
    rows,
    /** Whether the whole list has come since the page was opened. */
    hasInbox,
    selected,
    copies,
    dossiers,
    status: signal<Status>(session.status as Status),
    absence: signal<Absence>({
      reason: session.reason ?? "",
      backAt: session.back_at ?? null,
    }),
    awayReasons: session.away_reasons ?? [],
    hasRules: session.has_rules ?? false,
    owesConfirmation: signal(session.owes_confirmation ?? false),
    /** What the bar asks beside the switch. */
    asking: signal<"absence" | "offline" | null>(null),
    colleagues: signal<ReadonlyMap<string, Colleague>>(new Map()),
    capacity,
    toldLoad,
    /** Dialogs held: counted here once the list has come, told before. */
    load: computed(() => {
      const active = mine.value.filter((row) => holdsPlace(row, now.value, limits));
      return hasInbox.value ? active.length : toldLoad.value;
    }),
    handing: signal(false),
    offered: computed(() => offeredRows(rows.value, me.id)),
    left: computed(() => leftRows(rows.value)),
    /** The dialog whose composer is to be written in next. */
    wanted: signal<string | null>(null),
    day: signal<OwnDay>(session.day),
    earned: signal<readonly Earned[]>(session.earned ?? []),
    tab: signal<Tab>("mine"),
    view: signal<View>("list"),
    isDrawerOpen: signal(false),
    sheet: signal<Sheet>(null),
    closing: signal(false),
    failed: signal<ReadonlySet<string>>(new Set()),
    intents: signal<readonly Intent[]>([]),
    older: signal<ReadonlyMap<string, Older>>(new Map()),
    peeks: signal<ReadonlyMap<string, Peek>>(new Map()),
    canned: signal<readonly CannedReply[]>([]),
    link,
    /** Whether words travel, by socket or without. */
    isReached: computed(() => ["live", "polling"].includes(link.value)),
    linkCode: signal(0),
    toasts: signal<readonly Toast[]>([]),
    spoken: signal(""),
    closedNext: signal<number | null>(null),
    hasClosedPage: signal(false),
    row: computed(() => rows.value.get(selected.value ?? "") ?? null),
    copy: computed(() => copies.value.get(selected.value ?? "") ?? null),
    dossier: computed(() => dossiers.value.get(selected.value ?? "") ?? null),
    waiting: computed(() => waitingRows(rows.value)),
    mine,
    team: ordered((at) => teamRows(rows.value, me.id, at, limits)),
    ended: computed(() => closedRows(rows.value)),
  };
}

/** What this operator may do in a dialog. */
export type Standing = "mine" | "free" | "colleague" | "closed";

export function standingOf(row: InboxRow, me: string): Standing {
  if (isClosed(row)) {
    return "closed";
  }
  if (isMine(row, me)) {
    return "mine";
  }
  return row.owner ? "colleague" : "free";
}

/** Return the copy of a log that an opened dialog starts from. */
export function copyOf(thread: Thread): ConversationState {
  return emptyConversation(thread.conversation.conv, {
    epoch: thread.epoch,
    from: thread.covers_from,
    cursor: thread.covers_to,
    head: thread.covers_to,
    entries: thread.entries,
    marks: { ...emptyConversation("").marks, ...thread.marks },
  });
}

export function dossierOf(thread: Thread): Dossier {
  return {
    visitor: thread.visitor,
    operators: thread.operators,
    past: thread.past ?? [],
    firstReply: thread.first_reply_s ?? null,
    letter: thread.letter ?? null,
  };
}

/** Return a copy of a map with one entry set, or removed when ``value`` is null. */
export function withEntry<V>(
  map: ReadonlyMap<string, V>,
  key: string,
  value: V | null,
): ReadonlyMap<string, V> {
  const copy = new Map(map);
  if (value === null) {
    copy.delete(key);
  } else {
    copy.set(key, value);
  }
  return copy;
}
