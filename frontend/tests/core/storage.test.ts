import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createShelf, openRecords } from "../../src/core/storage";

interface Note {
  cmid: string;
  text: string;
}

const note = (cmid: string, text = cmid): Note => ({ cmid, text });

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  localStorage.clear();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("records", () => {
  test("outlive the page that wrote them", async () => {
    const before = await openRecords<Note>("box");
    await before.put(note("a"));
    await before.put(note("b"));
    await before.put(note("a", "changed"));
    await before.remove("b");
    const after = await openRecords<Note>("box");
    expect(await after.all()).toEqual([note("a", "changed")]);
  });

  test("of one name are not those of another", async () => {
    await (await openRecords<Note>("visitor")).put(note("a"));
    expect(await (await openRecords<Note>("operator")).all()).toEqual([]);
  });

  test.each([
    ["is missing", undefined],
    ["throws", { open: () => fail("denied") }],
    ["refuses", { open: refusing }],
  ])("are kept in localStorage when the database %s", async (_name, factory) => {
    vi.stubGlobal("indexedDB", factory);
    const before = await openRecords<Note>("box");
    await before.put(note("a"));
    await before.put(note("b"));
    await before.remove("a");
    const after = await openRecords<Note>("box");
    expect(await after.all()).toEqual([note("b")]);
    expect(localStorage.getItem("chatdesk:box")).toContain("b");
  });

  test("do not wait for a database that never answers", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("indexedDB", { open: () => ({}) });
    const opening = openRecords<Note>("box");
    await vi.advanceTimersByTimeAsync(1_500);
    const store = await opening;
    await store.put(note("a"));
    expect(await store.all()).toEqual([note("a")]);
  });

  test("that cannot be read count as none", async () => {
    vi.stubGlobal("indexedDB", undefined);
    localStorage.setItem("chatdesk:box", "{broken");
    expect(await (await openRecords<Note>("box")).all()).toEqual([]);
  });
});

describe("a shelf", () => {
  test("keeps texts under names of our own", () => {
    const shelf = createShelf(() => localStorage);
    shelf.set("draft", "hello");
    expect(shelf.get("draft")).toBe("hello");
    expect(localStorage.getItem("chatdesk:draft")).toBe("hello");
    shelf.remove("draft");
    expect(shelf.get("draft")).toBeNull();
  });

  test("keeps them in memory when the browser has no storage", () => {
    const shelf = createShelf(() => fail("denied"));
    expect(shelf.get("draft")).toBeNull();
    shelf.set("draft", "hello");
    expect(shelf.get("draft")).toBe("hello");
    shelf.remove("draft");
    expect(shelf.get("draft")).toBeNull();
  });

  test("keeps the newest text when the storage is full", () => {
    const full = {
      getItem: () => "old",
      setItem: () => fail("quota"),
      removeItem: () => undefined,
    } as unknown as Storage;
    const shelf = createShelf(() => full);
    shelf.set("draft", "new");
    expect(shelf.get("draft")).toBe("new");
  });
});

function fail(message: string): never {
  throw new Error(message);
}

/** A database that answers each opening with an error. */
function refusing(): Partial<IDBOpenDBRequest> {
  const request: { onerror?: () => void; error: Error } = {
    error: new Error("denied"),
  };
  queueMicrotask(() => request.onerror?.());
  return request as unknown as Partial<IDBOpenDBRequest>;
}
