import { describe, expect, test } from "vitest";
import {
  apply,
  emptyConversation,
  isClosed,
  isLogFrame,
  mergeMarks,
  noteHead,
  ownState,
  prepend,
} from "../../src/core/store";
import { CONV, EPOCH, entry, events, operatorEntry, synced } from "../fakes";

const empty = () => emptyConversation(CONV);
const seqs = (state: { entries: readonly { seq: number }[] }) =>
  state.entries.map((each) => each.seq);

describe("events", () => {
  test("are applied in the order of their numbers, whatever order they come in", () => {
    const frame = events(1, 3, [entry(3), entry(1), entry(2)]);
    const state = apply(empty(), frame);
    expect(seqs(state)).toEqual([1, 2, 3]);
    expect(state.cursor).toBe(3);
    expect(state.epoch).toBe(EPOCH);
  });

  test("that were applied before change nothing at all", () => {
    const once = apply(empty(), events(1, 3));
    expect(apply(once, events(1, 3))).toBe(once);
    expect(apply(once, events(2, 3))).toBe(once);
  });

  test("that overlap add only what is new", () => {
    const state = apply(apply(empty(), events(1, 3)), events(2, 5));
    expect(seqs(state)).toEqual([1, 2, 3, 4, 5]);
  });

  test("that would leave a hole are not applied, but the head is known", () => {
    const before = apply(empty(), events(1, 2));
    const state = apply(before, events(4, 6));
    expect(seqs(state)).toEqual([1, 2]);
    expect(state.cursor).toBe(2);
    expect(state.head).toBe(6);
  });

  test("move the cursor over numbers that this reader may not see", () => {
    const state = apply(empty(), events(1, 4, [entry(1), entry(4)]));
    expect(seqs(state)).toEqual([1, 4]);
    expect(state.cursor).toBe(4);
    expect(seqs(apply(state, events(5, 5)))).toEqual([1, 4, 5]);
  });

  test("of another conversation are left alone", () => {
    const state = empty();
    expect(apply(state, { ...events(1, 1), conv: "d".repeat(32) })).toBe(state);
  });

  test("of another lineage of the database are not mixed in", () => {
    const before = apply(empty(), events(1, 2));
    const state = apply(before, { ...events(3, 3), epoch: "f".repeat(32) });
    expect(seqs(state)).toEqual([1, 2]);
  });

  test("with an entry beyond their range take only the range", () => {
    const state = apply(empty(), events(1, 2, [entry(1), entry(2), entry(9)]));
    expect(seqs(state)).toEqual([1, 2]);
  });

  test("never change the state that was", () => {
    const before = apply(empty(), events(1, 1));
    apply(before, events(2, 2));
    expect(seqs(before)).toEqual([1]);
  });

  test("applied in any cut give the same log", () => {
    const whole = apply(empty(), events(1, 6));
    let pieces = empty();
    for (const [from, to] of [
      [1, 2],
      [2, 4],
      [1, 3],
      [5, 5],
      [4, 6],
    ] as const) {
      pieces = apply(pieces, events(from, to));
    }
    expect(pieces.entries).toEqual(whole.entries);
    expect(pieces.cursor).toBe(whole.cursor);
  });
});

describe("marks", () => {
  test("are merged by the larger number, so that an old frame does no harm", () => {
    const later = apply(empty(), {
      type: "marks",
      conv: CONV,
      marks: { operator_read: 5, visitor_read: 2 },
    });
    const state = apply(later, {
      type: "marks",
      conv: CONV,
      marks: { operator_read: 3, visitor_read: 4 },
    });
    expect(state.marks.operator_read).toBe(5);
    expect(state.marks.visitor_read).toBe(4);
    expect(state.marks.operator_delivered).toBe(0);
  });

  test("come whole with the end of the replay", () => {
    const state = apply(empty(), {
      type: "synced",
      conv: CONV,
      seq: 4,
      marks: { operator_delivered: 3 },
    });
    expect(state.synced).toBe(true);
    expect(state.head).toBe(4);
    expect(state.marks.operator_delivered).toBe(3);
  });

  test("decide between sent, delivered and read", () => {
    const marks = mergeMarks({ operator_delivered: 3, operator_read: 2 }, {});
    const states = [1, 2, 3, 4].map((seq) => ownState(entry(seq), marks, "visitor"));
    expect(states).toEqual(["read", "read", "delivered", "sent"]);
  });

  test("of the visitor decide for the operator", () => {
    const marks = mergeMarks({ visitor_delivered: 2, operator_read: 9 }, {});
    expect(ownState(operatorEntry(2), marks, "operator")).toBe("delivered");
    expect(ownState(operatorEntry(3), marks, "operator")).toBe("sent");
  });
});

describe("reset", () => {
  test("empties the copy and takes the new epoch", () => {
    const before = apply(empty(), events(1, 3));
    const epoch = "f".repeat(32);
    const state = apply(before, { type: "reset", conv: CONV, epoch, reason: "epoch" });
    expect(state.cursor).toBe(0);
    expect(state.entries).toEqual([]);
    expect(state.epoch).toBe(epoch);
    expect(state.gone).toBe(false);
  });

  test("says when the conversation is no more", () => {
    const frame = { type: "reset", conv: CONV, epoch: "", reason: "gone" } as const;
    expect(apply(empty(), frame).gone).toBe(true);
  });
});

describe("older entries", () => {
  const late = () =>
    emptyConversation(CONV, {
      from: 51,
      cursor: 60,
      epoch: EPOCH,
      entries: [entry(51)],
    });

  test("go in front when they end where the copy begins", () => {
    const page = { from: 49, to: 50, items: [entry(50), entry(49)] };
    const state = prepend(late(), page);
    expect(seqs(state)).toEqual([49, 50, 51]);
    expect(state.from).toBe(49);
    expect(state.cursor).toBe(60);
  });

  test("that leave a hole, or are there already, are refused", () => {
    const state = late();
    expect(prepend(state, { from: 1, to: 10, items: [entry(10)] })).toBe(state);
    expect(prepend(state, { from: 51, to: 60, items: [entry(51)] })).toBe(state);
  });
});

describe("a conversation", () => {
  test("is closed when the last such word of the log says so", () => {
    const closed = apply(
      empty(),
      events(1, 2, [entry(1), entry(2, { kind: "closed" })]),
    );
    expect(isClosed(closed)).toBe(true);
    const again = apply(
      closed,
      events(3, 4, [entry(3, { kind: "reopened" }), entry(4)]),
    );
    expect(isClosed(again)).toBe(false);
    expect(isClosed(empty())).toBe(false);
  });

  test("hears of a newer head, never of an older one", () => {
    const state = noteHead(empty(), 4);
    expect(state.head).toBe(4);
    expect(noteHead(state, 2)).toBe(state);
  });

  test("knows which frames are about it", () => {
    expect(isLogFrame(events(1, 1))).toBe(true);
    expect(isLogFrame(synced(1))).toBe(true);
    expect(isLogFrame({ type: "pong", t: 1 })).toBe(false);
  });
});
