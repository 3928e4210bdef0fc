import { describe, expect, it } from "vitest";
import {
  highlight,
  insertCanned,
  matchCanned,
  resolveCanned,
  slashQuery,
} from "../../src/console/canned";
import type { CannedReply } from "../../src/protocol";

let id = 0;

function makeReply(shortcut: string, given: Partial<CannedReply> = {}): CannedReply {
  id += 1;
  return { id, shortcut, title: "", text: "", ...given };
}

const shortcuts = (replies: readonly CannedReply[]) =>
  replies.map((reply) => reply.shortcut);

describe("a slash", () => {
  it.each([
    ["/", 1, ""],
    ["/дост", 5, "дост"],
    ["Hello\n/del", 10, "del"],
    ["/two words", 10, "two words"],
    ["/delivery", 4, "del"],
  ])("at the start of a line asks for a reply: %j", (text, caret, wanted) => {
    expect(slashQuery(text, caret)?.text).toBe(wanted);
  });

  it.each([
    ["and/or", 6],
    [" /del", 5],
    ["/del\nmore", 9],
    ["", 0],
    [`/${"x".repeat(50)}`, 51],
  ])("elsewhere is a slash: %j", (text, caret) => {
    expect(slashQuery(text, caret)).toBeNull();
  });
});

describe("matching", () => {
  const replies = [
    makeReply("refund", { title: "Money back", text: "Within delivery terms" }),
    makeReply("express", { title: "Delivery by tomorrow" }),
    makeReply("city-delivery", { title: "In town" }),
    makeReply("delivery", { title: "Times" }),
    makeReply("hello", { title: "A delivery greeting" }),
  ];

  it("finds by shortcut, title, word, part and text, in this order", () => {
    expect(shortcuts(matchCanned(replies, "deliv"))).toEqual([
      "delivery",
      "express",
      "hello",
      "city-delivery",
      "refund",
    ]);
  });

  it("does not mind capitals", () => {
    expect(shortcuts(matchCanned(replies, "MONEY"))).toEqual(["refund"]);
  });

  it("offers everything for a mere slash", () => {
    expect(matchCanned(replies, "")).toHaveLength(5);
  });

  it("finds nothing for what is nowhere", () => {
    expect(matchCanned(replies, "zzz")).toEqual([]);
  });

  it("puts the dialog's own language first, and those for every language", () => {
    const spoken = [
      makeReply("a-en", { language: "en" }),
      makeReply("b-ru", { language: "ru" }),
      makeReply("c-any"),
    ];
    expect(shortcuts(matchCanned(spoken, "", "ru-RU"))).toEqual([
      "b-ru",
      "c-any",
      "a-en",
    ]);
  });
});

describe("variables", () => {
  const vars = { name: "Marat", operator: "Anna" };

  it("are filled in", () => {
    expect(resolveCanned("{name}, I am {operator}. {name}?", vars)).toBe(
      "Marat, I am Anna. Marat?",
    );
  });

  it.each([
    ["Hello, {name}!", "Hello!"],
    ["{name}, delivery takes a day.", "Delivery takes a day."],
    ["Good day {name}, I am here", "Good day, I am here"],
  ])("leave no hole without a name: %j", (text, wanted) => {
    expect(resolveCanned(text, { ...vars, name: "" })).toBe(wanted);
  });

  it("take a name with a dollar sign as it is", () => {
    expect(resolveCanned("Hi {name}", { ...vars, name: "$& $1" })).toBe("Hi $& $1");
  });
});

describe("a chosen reply", () => {
  it("takes the place of the query alone", () => {
    const query = slashQuery("Good day\n/del tail", 13);
    expect(query).not.toBeNull();
    expect(query && insertCanned("Good day\n/del tail", query, "Two days.")).toEqual({
      text: "Good day\nTwo days. tail",
      caret: 18,
    });
  });
});

describe("highlighting", () => {
  it("marks what was looked for and keeps every letter", () => {
    const pieces = highlight("Доставка в Казань", "став");
    expect(pieces.map((piece) => piece.text).join("")).toBe("Доставка в Казань");
    expect(pieces.find((piece) => piece.hit)?.text).toBe("став");
  });

  it("stays in step with letters that grow when they are made small", () => {
    expect(highlight("İstanbul", "stan").find((piece) => piece.hit)?.text).toBe("stan");
  });

  it("marks nothing when nothing is looked for", () => {
    expect(highlight("words", "")).toEqual([{ text: "words", hit: false }]);
  });
});
