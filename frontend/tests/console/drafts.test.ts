import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Drafts } from "../../src/console/drafts";
import { makeShelf } from "./make";

describe("drafts", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("of a reply and of a note never mix", () => {
    const drafts = new Drafts(makeShelf());
    drafts.set("a", "message", "for the visitor");
    drafts.set("a", "note", "for staff");
    expect(drafts.get("a", "message")).toBe("for the visitor");
    expect(drafts.get("a", "note")).toBe("for staff");
    expect(drafts.get("b", "message")).toBe("");
  });

  it("are kept within a second", () => {
    const shelf = makeShelf();
    new Drafts(shelf).set("a", "message", "half a sent");
    vi.advanceTimersByTime(1_000);
    expect(new Drafts(shelf).get("a", "message")).toBe("half a sent");
  });

  it("are kept at once when the page goes", () => {
    const shelf = makeShelf();
    const drafts = new Drafts(shelf);
    drafts.set("a", "note", "words");
    drafts.save();
    expect(new Drafts(shelf).get("a", "note")).toBe("words");
  });

  it("are forgotten when they were sent", () => {
    const shelf = makeShelf();
    const drafts = new Drafts(shelf);
    drafts.set("a", "message", "words");
    drafts.set("a", "message", "");
    drafts.save();
    expect(shelf.kept.get("console-drafts")).toBe("[]");
  });

  it.each(["{", "null", "7", "[1]", "[[1,2]]"])(
    "survive a broken store: %s",
    (stored) => {
      const shelf = makeShelf();
      shelf.set("console-drafts", stored);
      expect(new Drafts(shelf).get("a", "message")).toBe("");
    },
  );
});
