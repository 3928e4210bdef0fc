import { describe, expect, test, vi } from "vitest";
import type { Intent } from "../../src/core/outbox";
import { apply, emptyConversation } from "../../src/core/store";
import { buildItems, type Item, type MessageItem } from "../../src/panel/items";
import { createWords } from "../../src/panel/words";
import type { Entry, Marks } from "../../src/protocol";
import { CONV, entry, events, operatorEntry } from "../fakes";

const NOW = new Date(2026, 4, 12, 14, 0).getTime();
const ANNA = { id: "7", name: "Anna Sokolova" };

function copyOf(entries: Entry[], marks: Marks = {}) {
  const copy = apply(emptyConversation(CONV), events(1, entries.length, entries));
  return apply(copy, { type: "marks", conv: CONV, marks });
}

function intent(given: Partial<Intent> = {}): Intent {
  return {
    cmid: "i".repeat(32),
    conv: CONV,
    kind: "message",
    text: "later",
    madeAt: NOW,
    state: "sending",
    since: NOW,
    ...given,
  };
}

function build(entries: Entry[], intents: Intent[] = [], marks: Marks = {}, now = NOW) {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-GB"]);
  return buildItems({
    copy: copyOf(entries, marks),
    intents,
    cards: new Map([["7", ANNA]]),
    now,
    lang: "en",
    t: createWords("en", {}),
  });
}

const at = (minutes: number) => ({ at: NOW + minutes * 60_000 });
const messages = (items: Item[]) =>
  items.filter((item): item is MessageItem => item.type === "message");
const said = (items: Item[]) => items.map((item) => ("text" in item ? item.text : ""));

describe("lines", () => {
  test("stand under their days", () => {
    const yesterday = { at: NOW - 86_400_000 };
    const items = build([entry(1, yesterday), entry(2, at(0)), entry(3, at(1))]);
    expect(said(items)).toEqual([
      "Yesterday",
      "words 1",
      "Today",
      "words 2",
      "words 3",
    ]);
  });

  test("of one person follow each other; the last has the name", () => {
    const items = messages(
      build([entry(1, at(0)), operatorEntry(2, at(1)), operatorEntry(3, at(2))]),
    );
    expect(items.map((each) => [each.isContinued, each.isLast])).toEqual([
      [false, true],
      [false, false],
      [true, true],
    ]);
    expect(items[2]?.operator).toBe(ANNA);
    expect(items[2]?.time).toBe("14:02");
  });

  test("of two operators do not run together", () => {
    const items = messages(
      build([operatorEntry(1, at(0)), operatorEntry(2, { ...at(0), by: "8" })]),
    );
    expect(items.map((each) => each.isContinued)).toEqual([false, false]);
  });

  test("say who joins and how it ended", () => {
    const items = build([
      entry(1, at(0)),
      operatorEntry(2, { ...at(1), kind: "taken", data: { name: "Anna Sokolova" } }),
      entry(3, { ...at(2), kind: "closed" }),
      entry(4, { ...at(3), kind: "reopened", author: "system" }),
      operatorEntry(5, { ...at(4), kind: "closed" }),
    ]);
    expect(said(items).slice(2)).toEqual([
      "Anna joins you",
      "You ended the conversation at 14:02",
      "The conversation goes on",
      "The conversation was ended at 14:04",
    ]);
  });

  test("of kinds that are not known, or need no words, are left out", () => {
    const items = build([
      entry(1, at(0)),
      entry(2, { ...at(0), kind: "rated" }),
      entry(3, { ...at(0), kind: "of_a_later_release" }),
    ]);
    expect(said(items)).toEqual(["Today", "words 1"]);
  });

  test("someone unnamed who joins is still said", () => {
    expect(said(build([operatorEntry(1, { ...at(0), kind: "taken" })]))[1]).toBe(
      "A consultant joins you",
    );
  });
});

describe("the state", () => {
  test("stands under the visitor's last words only", () => {
    const items = messages(
      build([entry(1, at(0)), entry(2, at(0)), operatorEntry(3, at(1))], [], {
        operator_read: 1,
        operator_delivered: 2,
      }),
    );
    expect(items.map((each) => each.state)).toEqual([null, "delivered", null]);
  });

  test.each([
    [{}, "sent"],
    [{ operator_delivered: 1 }, "delivered"],
    [{ operator_delivered: 1, operator_read: 1 }, "read"],
  ] as const)("with marks %j is %s", (marks, state) => {
    expect(messages(build([entry(1, at(0))], [], marks))[0]?.state).toBe(state);
  });

  test("of words under way is sending, then late after ten seconds", () => {
    const under = [intent({ since: NOW })];
    expect(messages(build([], under))[0]?.state).toBe("sending");
    expect(messages(build([], under, {}, NOW + 9_000))[0]?.state).toBe("sending");
    expect(messages(build([], under, {}, NOW + 10_001))[0]?.state).toBe("trying");
  });

  test("of words that wait for the network is never late", () => {
    const items = build([], [intent({ state: "waiting" })], {}, NOW + 60_000);
    expect(messages(items)[0]?.state).toBe("waiting");
  });

  test("of each refused message is shown, with the last good one's", () => {
    const items = messages(
      build(
        [entry(1, at(-1))],
        [
          intent({ cmid: "a", state: "failed", code: "blocked" }),
          intent({ cmid: "b", state: "failed", code: "closed" }),
        ],
      ),
    );
    expect(items.map((each) => [each.state, each.code])).toEqual([
      ["sent", ""],
      ["failed", "blocked"],
      ["failed", "closed"],
    ]);
  });
});

describe("an intent", () => {
  test("gives way to its entry, which keeps its place on the screen", () => {
    const cmid = "a".repeat(32);
    const before = messages(build([], [intent({ cmid })]));
    const after = messages(build([entry(1, { ...at(0), cmid })], [intent({ cmid })]));
    expect(after).toHaveLength(1);
    expect(after[0]?.key).toBe(before[0]?.key);
    expect(after[0]?.state).toBe("sent");
  });

  test("that was acknowledged shows the server's time", () => {
    const items = build([], [intent({ state: "sent", seq: 1, ...at(3) })]);
    expect(messages(items)[0]).toMatchObject({ state: "sent", time: "14:03" });
  });
});
