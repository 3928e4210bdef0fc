/** One conversation as this client knows it: pure functions over server frames. */

import type {
  Entry,
  Events,
  Marks,
  MarksChanged,
  Reset,
  ServerFrame,
  Synced,
} from "../protocol";

export interface ConversationState {
  readonly conv: string;
  readonly epoch: string;
  /** First number that ``entries`` covers; earlier ones may exist on the server. */
  readonly from: number;
  /** Applied up to here without a hole. */
  readonly cursor: number;
  /** Newest number heard of; above ``cursor`` means that something is missing. */
  readonly head: number;
  /** By number; numbers hidden from this reader are absent. */
  readonly entries: readonly Entry[];
  readonly marks: Required<Marks>;
  /** Whether the replay has ended since the copy was begun. */
  readonly synced: boolean;
  /** The server no longer has it. */
  readonly gone: boolean;
}

/** Frames that change a conversation. */
export type LogFrame = Events | Synced | MarksChanged | Reset;
export type Side = "visitor" | "operator";
export type OwnState = "sent" | "delivered" | "read";

const NO_MARKS: Required<Marks> = {
  visitor_delivered: 0,
  visitor_read: 0,
  operator_delivered: 0,
  operator_read: 0,
};

/** Return a copy that knows nothing, or what ``known`` says. */
export function emptyConversation(
  conv: string,
  known: Partial<ConversationState> = {},
): ConversationState {
  return {
    conv,
    epoch: "",
    from: 1,
    cursor: 0,
    head: 0,
    entries: [],
    synced: false,
    gone: false,
    ...known,
    marks: { ...NO_MARKS, ...known.marks },
  };
}

/** Tell whether a frame is about one conversation's log. */
export function isLogFrame(frame: ServerFrame): frame is LogFrame {
  return ["events", "synced", "marks", "reset"].includes(frame.type);
}

/**
 * Return the conversation after a frame; the same object when nothing changed.
 *
 * Order is by number only. A batch that would leave a hole is not applied: the head
 * rises above the cursor instead, and whoever talks to the server asks again.
 */
export function apply(state: ConversationState, frame: LogFrame): ConversationState {
  if (frame.conv !== state.conv) {
    return state;
  }
  switch (frame.type) {
    case "events":
      return applyEvents(state, frame);
    case "synced":
      return {
        ...state,
        synced: true,
        head: Math.max(state.head, frame.seq),
        marks: mergeMarks(state.marks, frame.marks),
      };
    case "marks":
      return { ...state, marks: mergeMarks(state.marks, frame.marks) };
    case "reset":
      return emptyConversation(state.conv, {
        epoch: frame.epoch,
        gone: frame.reason === "gone",
      });
  }
}

/** Put older entries, that end right before ``state.from``, in front. */
export function prepend(
  state: ConversationState,
  page: { from: number; to: number; items: readonly Entry[] },
): ConversationState {
  if (page.to + 1 < state.from || page.from >= state.from) {
    return state;
  }
  const older = page.items.filter((entry) => entry.seq < state.from);
  return { ...state, from: page.from, entries: [...inOrder(older), ...state.entries] };
}

/** Note a head that a heartbeat told of. */
export function noteHead(state: ConversationState, head: number): ConversationState {
  return head > state.head ? { ...state, head } : state;
}

/** Tell whether the log says that the conversation is closed. */
export function isClosed(state: ConversationState): boolean {
  for (let index = state.entries.length - 1; index >= 0; index -= 1) {
    const kind = state.entries[index]?.kind;
    if (kind === "closed" || kind === "reopened") {
      return kind === "closed";
    }
  }
  return false;
}

/** Return how far an own entry has come on the other side. */
export function ownState(entry: Entry, marks: Required<Marks>, side: Side): OwnState {
  const other = side === "visitor" ? "operator" : "visitor";
  if (entry.seq <= marks[`${other}_read`]) {
    return "read";
  }
  return entry.seq <= marks[`${other}_delivered`] ? "delivered" : "sent";
}

/** Return the whole state of two sets of marks: the larger number of each. */
export function mergeMarks(left: Marks, right: Marks): Required<Marks> {
  const merged = { ...NO_MARKS };
  for (const name of Object.keys(NO_MARKS) as (keyof Marks)[]) {
    merged[name] = Math.max(left[name] ?? 0, right[name] ?? 0);
  }
  return merged;
}

function applyEvents(state: ConversationState, frame: Events): ConversationState {
  const head = Math.max(state.head, frame.to);
  const isOther = state.epoch !== "" && frame.epoch !== state.epoch;
  if (isOther || frame.from > state.cursor + 1) {
    return head === state.head ? state : { ...state, head };
  }
  if (frame.to <= state.cursor) {
    return state;
  }
  const fresh = frame.items.filter(
    (entry) => entry.seq > state.cursor && entry.seq <= frame.to,
  );
  return {
    ...state,
    epoch: frame.epoch,
    cursor: frame.to,
    head,
    entries: [...state.entries, ...inOrder(fresh)],
  };
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((left, right) => left.seq - right.seq);
}
