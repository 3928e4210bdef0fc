import { describe, expect, it } from "vitest";
import { type Cast, datedText, eventText } from "../../src/console/entries";
import english from "../../src/console/strings/en.json";
import russian from "../../src/console/strings/ru.json";
import { createStrings } from "../../src/core/strings";
import type { Entry } from "../../src/protocol";
import { ME, makeEntry, t } from "./make";

const CAST: Cast = { me: ME, visitor: "Signe", operators: new Map([["8", "Anna"]]) };
const ru: typeof t = createStrings("ru", english, russian);

const released = (entry: Partial<Entry>, words = t) =>
  eventText(makeEntry(4, { kind: "released", ...entry }), CAST, words);

describe("a dialog that waits again", () => {
  it("says who gave it back", () => {
    expect(released({ author: "operator", by: "8" })).toMatch(
      /Anna.* gave the dialog back/,
    );
    expect(released({ author: "operator", by: ME })).toBe("You gave the dialog back");
  });

  it("says whose right to answer has ended", () => {
    const entry = {
      author: "system",
      data: { name: "Anna", reason: "dismissed" },
    } as const;
    expect(released(entry)).toMatch(/Anna.* may not answer any more/);
    expect(released(entry, ru)).toMatch(/Anna.* больше не может отвечать/);
  });
});

describe("a line with its time", () => {
  it.each([
    ["You joined", "You joined, 9:05"],
    ["Automatic: we answer soon.", "Automatic: we answer soon. 9:05"],
    ["Anybody there?", "Anybody there? 9:05"],
  ])("%s", (text, shown) => {
    expect(datedText(text, "9:05")).toBe(shown);
  });
});

describe("a letter in the log", () => {
  const said = (kind: string, data: object, words = t) =>
    eventText(makeEntry(4, { kind, data: { ...data } }), CAST, words);

  it("says where the answer is wanted", () => {
    const data = { kind: "telegram", contact: "@marat_k" };
    expect(said("letter", data)).toBe("Left as a letter. Telegram: @marat_k");
    expect(said("contact", data)).toBe("Where to answer. Telegram: @marat_k");
    expect(said("letter", data, ru)).toBe("Оставлено письмом. Телеграм: @marat_k");
  });

  it("needs no contact", () => {
    expect(said("letter", { kind: "", contact: "" })).toBe(
      "Left as a letter; the answer waits in the chat",
    );
  });
});
