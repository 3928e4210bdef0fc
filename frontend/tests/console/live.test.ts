import { describe, expect, it } from "vitest";
import { freshen, freshRows } from "../../src/console/live";
import { apply } from "../../src/core/store";
import { ME, makeCopy, makeEntry, makeRow, NOW } from "./make";

const operator = { author: "operator", by: ME };

describe("a row whose log is ahead of it", () => {
  const row = makeRow({ conv: "a", head: 2, owner: ME, preview: "words 2" });

  it("shows the latest words and who said them", () => {
    const copy = makeCopy("a", [makeEntry(2), makeEntry(3, operator)]);
    expect(freshen(row, copy)).toMatchObject({
      preview: "words 3",
      preview_author: "operator",
      preview_at: NOW + 3_000,
    });
  });

  it("starts the clock with the first question after a reply", () => {
    const copy = makeCopy("a", [makeEntry(3, operator), makeEntry(4), makeEntry(5)]);
    expect(freshen(row, copy).waiting_since).toBe(NOW + 4_000);
  });

  it("lets a running clock run", () => {
    const waiting = { ...row, waiting_since: NOW - 9_000 };
    const copy = makeCopy("a", [makeEntry(3)]);
    expect(freshen(waiting, copy).waiting_since).toBe(NOW - 9_000);
  });

  it("stops the clock with a reply, not with a note", () => {
    const waiting = { ...row, waiting_since: NOW - 9_000 };
    const note = makeCopy("a", [makeEntry(3, { ...operator, kind: "note" })]);
    const reply = makeCopy("a", [makeEntry(3, operator)]);
    expect(freshen(waiting, note).waiting_since).toBe(NOW - 9_000);
    expect(freshen(waiting, reply).waiting_since).toBeNull();
  });

  it("counts the unread up to what staff have read", () => {
    const entries = [makeEntry(2), makeEntry(3), makeEntry(4)];
    const unread = (operator_read: number) => {
      const marks = { ...makeCopy("a", []).marks, operator_read };
      return freshen(row, makeCopy("a", entries, { marks })).unread;
    };
    expect(unread(2)).toBe(2);
    expect(unread(4)).toBe(0);
  });

  it("stays as it is when the log knows no more", () => {
    expect(freshen(row, makeCopy("a", [makeEntry(1), makeEntry(2)]))).toBe(row);
  });

  it("does not come to life again after the end", () => {
    const ended = { ...row, status: "closed", preview: "bye" };
    expect(freshen(ended, makeCopy("a", [makeEntry(3)])).preview).toBe("bye");
  });
});

describe("all rows", () => {
  it("follow frames as the log applies them", () => {
    const row = makeRow({ conv: "a", head: 1, owner: ME });
    const before = makeCopy("a", [makeEntry(1)], { epoch: "e" });
    const after = apply(before, {
      type: "events",
      conv: "a",
      epoch: "e",
      from: 2,
      to: 2,
      items: [makeEntry(2, { text: "And now?" })],
    });
    const rows = freshRows(new Map([["a", row]]), new Map([["a", after]]));
    expect(rows.get("a")?.preview).toBe("And now?");
  });

  it("leave out logs that have no row", () => {
    const copies = new Map([["x", makeCopy("x", [makeEntry(1)])]]);
    expect(freshRows(new Map(), copies).size).toBe(0);
  });
});
