import { describe, expect, it } from "vitest";
import { firstReply, itemsOf } from "../../src/console/items";
import type { Intent } from "../../src/core/outbox";
import { ME, makeEntry, NOW } from "./make";

const DAY = 86_400_000;
const types = (items: ReturnType<typeof itemsOf>) => items.map((item) => item.type);

function makeIntent(cmid: string): Intent {
  return { cmid, conv: "a", kind: "message", text: "hi", madeAt: 1, state: "sending" };
}

describe("a log on the screen", () => {
  it("begins each day with a line", () => {
    const entries = [
      makeEntry(1, { at: NOW - DAY }),
      makeEntry(2, { at: NOW }),
      makeEntry(3, { at: NOW + 1 }),
    ];
    expect(types(itemsOf(entries, []))).toEqual([
      "day",
      "bubble",
      "day",
      "bubble",
      "bubble",
    ]);
  });

  it("tells notes and events from words", () => {
    const entries = [
      makeEntry(1),
      makeEntry(2, { kind: "taken" }),
      makeEntry(3, { kind: "note" }),
      makeEntry(4, { kind: "closed" }),
    ];
    expect(types(itemsOf(entries, [])).slice(1)).toEqual([
      "bubble",
      "event",
      "note",
      "event",
    ]);
  });

  it("skips kinds of a later release", () => {
    expect(itemsOf([makeEntry(1, { kind: "hologram" })], [])).toEqual([]);
  });

  it("shows what is on its way behind the log, once", () => {
    const items = itemsOf([makeEntry(1)], [makeIntent("cmid1"), makeIntent("new")]);
    expect(items.map((item) => item.key)).toEqual(["day-1", "cmid1", "new"]);
  });

  it("signs the last bubble of a breath only", () => {
    const entries = [
      makeEntry(1),
      makeEntry(2),
      makeEntry(3, { author: "operator", by: ME }),
      makeEntry(4, { author: "operator", by: "8" }),
      makeEntry(5, { author: "operator", by: "8", at: NOW + 5 * 60_000 }),
    ];
    const goesOn = itemsOf(entries, []).flatMap((item) =>
      item.type === "bubble" ? [item.goesOn] : [],
    );
    expect(goesOn).toEqual([true, false, false, false, false]);
  });
});

describe("the first reply", () => {
  const question = makeEntry(1);
  const taken = makeEntry(2, { kind: "taken", author: "operator" });
  const reply = makeEntry(10, { author: "operator" });

  it("is measured from the question to the first human words", () => {
    expect(firstReply([question, taken, reply], 1)).toEqual({
      cmid: "cmid10",
      ms: 9_000,
    });
  });

  it("is not known before the beginning is here", () => {
    expect(firstReply([question, taken, reply], 2)).toBeNull();
  });

  it("is not there before anybody replied", () => {
    expect(firstReply([question, taken], 1)).toBeNull();
  });
});
