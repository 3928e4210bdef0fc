import { describe, expect, it } from "vitest";
import {
  closedRows,
  holdsPlace,
  isIdle,
  mergeRows,
  myRows,
  neighbour,
  type Rows,
  teamRows,
  waitingRows,
} from "../../src/console/inbox";
import type { InboxRow } from "../../src/protocol";
import { LIMITS, ME, makeRow, NOW } from "./make";

const rowsOf = (...rows: InboxRow[]): Rows => mergeRows(new Map(), rows);
const convs = (rows: readonly InboxRow[]) => rows.map((row) => row.conv);

describe("the list of dialogs", () => {
  it("shows who waits for anyone, the longest waiting first", () => {
    const rows = rowsOf(
      makeRow({ conv: "young", waited: 3 }),
      makeRow({ conv: "old", waited: 30 }),
      makeRow({ conv: "mine", waited: 50, owner: ME }),
      makeRow({ conv: "closed", waited: 60, status: "closed" }),
    );
    expect(convs(waitingRows(rows))).toEqual(["old", "young"]);
  });

  it("shows a dialog that was given back answered behind those who wait", () => {
    const rows = rowsOf(
      makeRow({ conv: "answered" }),
      makeRow({ conv: "waits", waited: 1 }),
    );
    expect(convs(waitingRows(rows))).toEqual(["waits", "answered"]);
  });

  it("orders my dialogs red, amber, green, then by the latest words", () => {
    const rows = rowsOf(
      makeRow({ conv: "quiet-old", owner: ME, preview_at: NOW - 9_000 }),
      makeRow({ conv: "green", owner: ME, waited: 2 }),
      makeRow({ conv: "quiet-new", owner: ME, preview_at: NOW - 1_000 }),
      makeRow({ conv: "red", owner: ME, waited: 24 }),
      makeRow({ conv: "amber", owner: ME, waited: 16 }),
      makeRow({ conv: "redder", owner: ME, waited: 40 }),
    );
    expect(convs(myRows(rows, ME, NOW, LIMITS))).toEqual([
      "redder",
      "red",
      "amber",
      "green",
      "quiet-new",
      "quiet-old",
    ]);
  });

  it("shows colleagues' dialogs apart", () => {
    const rows = rowsOf(
      makeRow({ conv: "mine", owner: ME }),
      makeRow({ conv: "theirs", owner: "8" }),
      makeRow({ conv: "nobody's", waited: 1 }),
      makeRow({ conv: "ended", owner: "8", status: "closed" }),
    );
    expect(convs(teamRows(rows, ME, NOW, LIMITS))).toEqual(["theirs"]);
  });

  it("shows ended dialogs, the latest first", () => {
    const rows = rowsOf(
      makeRow({ conv: "before", status: "closed", closed_at: NOW - 9 }),
      makeRow({ conv: "after", status: "closed", closed_at: NOW - 1 }),
    );
    expect(convs(closedRows(rows))).toEqual(["after", "before"]);
  });

  it("takes from the server how long is quiet", () => {
    const row = makeRow({ owner: "7", heard_at: NOW - 4 * 60_000 });
    expect(holdsPlace(row, NOW, LIMITS)).toBe(true);
    expect(holdsPlace(row, NOW, { ...LIMITS, quiet: 180 })).toBe(false);
  });

  it("fades what is quiet for over ten minutes, never who waits", () => {
    const long = NOW - 11 * 60_000;
    expect(isIdle(makeRow({ preview_at: long }), NOW, LIMITS)).toBe(true);
    expect(isIdle(makeRow({ preview_at: long, waited: 700 }), NOW, LIMITS)).toBe(false);
    expect(isIdle(makeRow({ preview_at: NOW - 9 * 60_000 }), NOW, LIMITS)).toBe(false);
  });
});

describe("rows that arrive", () => {
  const known = makeRow({ conv: "a", head: 5, preview: "new" });

  it("replace older ones", () => {
    const rows = mergeRows(rowsOf(known), [{ ...known, head: 6, preview: "newer" }]);
    expect(rows.get("a")?.preview).toBe("newer");
  });

  it("replace those of the same version, whose unread may have changed", () => {
    expect(mergeRows(rowsOf(known), [{ ...known, unread: 2 }]).get("a")?.unread).toBe(
      2,
    );
  });

  it("never replace newer ones", () => {
    const rows = mergeRows(rowsOf(known), [{ ...known, head: 4, preview: "stale" }]);
    expect(rows.get("a")?.preview).toBe("new");
  });

  it("leave the others in place when they are but some", () => {
    expect(mergeRows(rowsOf(known), [makeRow()]).size).toBe(2);
  });

  it("remove open dialogs that the whole list does not name", () => {
    const rows = mergeRows(rowsOf(known), [makeRow({ conv: "b" })], true);
    expect([...rows.keys()]).toEqual(["b"]);
  });

  it("keep ended dialogs, which the whole list never names", () => {
    const ended = makeRow({ conv: "z", status: "closed" });
    expect([...mergeRows(rowsOf(ended), [known], true).keys()]).toEqual(["z", "a"]);
  });
});

describe("going through the list", () => {
  const rows = ["a", "b", "c"].map((conv) => makeRow({ conv }));

  it("goes one down and one up", () => {
    expect(neighbour(rows, "a", 1)?.conv).toBe("b");
    expect(neighbour(rows, "c", -1)?.conv).toBe("b");
  });

  it("stops at the ends", () => {
    expect(neighbour(rows, "c", 1)?.conv).toBe("c");
    expect(neighbour(rows, "a", -1)?.conv).toBe("a");
  });

  it("begins at the top", () => {
    expect(neighbour(rows, null, 1)?.conv).toBe("a");
    expect(neighbour([], null, 1)).toBeUndefined();
  });
});
