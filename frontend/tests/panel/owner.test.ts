import { beforeEach, describe, expect, test } from "vitest";
import { createShelf, type Shelf } from "../../src/core/storage";
import { hasNewOwner, noteBeginning } from "../../src/panel/owner";

const NOBODY = "";
let shelf: Shelf;

const meets = (visitor: string, epoch = "e1") => hasNewOwner(shelf, { visitor, epoch });

beforeEach(() => {
  localStorage.clear();
  shelf = createShelf(() => localStorage);
});

describe("whose words are kept", () => {
  test("whoever only looks leaves no trace", () => {
    expect(meets(NOBODY)).toBe(false);
    expect(localStorage.length).toBe(0);
  });

  test("the same person stays the owner", () => {
    expect([meets("7"), meets("7"), meets("7")]).toEqual([false, false, false]);
  });

  test.each([NOBODY, "8"])("after %j came there is a new owner", (next) => {
    meets("7");
    expect(meets(next)).toBe(true);
    expect(meets(next)).toBe(false);
  });

  test("a stranger who begins a dialog owns it before his number is known", () => {
    noteBeginning(shelf, "e1");
    expect(meets("7")).toBe(false);
    noteBeginning(shelf, "e1");
    expect(meets("7")).toBe(false);
  });

  test("a stranger who is gone at the next look has left", () => {
    noteBeginning(shelf, "e1");
    expect(meets(NOBODY)).toBe(true);
  });

  test("a server that was set back to a backup makes nobody a stranger", () => {
    meets("7", "e1");
    expect(meets(NOBODY, "e2")).toBe(false);
  });
});
