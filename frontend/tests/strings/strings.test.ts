import { describe, expect, test } from "vitest";
import { createStrings, type Table, type Words } from "../../src/core/strings";
import { WORDS, wordsFor } from "../../src/launcher/words";
import shopEn from "../../src/panel/cards/strings/en.json";
import shopRu from "../../src/panel/cards/strings/ru.json";
import letterEn from "../../src/panel/letter/strings/en.json";
import letterRu from "../../src/panel/letter/strings/ru.json";
import panelEn from "../../src/strings/en.json";
import panelRu from "../../src/strings/ru.json";

const PLURALS = { en: ["one", "other"], ru: ["one", "few", "many", "other"] };
/** As the build joins them: what the panel says and what its chunks say. */
const en = { ...panelEn, ...letterEn, ...shopEn };
const ru = { ...panelRu, ...letterRu, ...shopRu };
const tables: Record<"en" | "ru", Table> = { en, ru };

describe("t", () => {
  const base = { hello: "Hello, {name}", n: { one: "{n} line", other: "{n} lines" } };
  const russian = {
    n: { one: "{n} строка", few: "{n} строки", many: "{n} строк", other: "{n} строки" },
  };

  test("fills in what it is given and leaves the rest", () => {
    const t = createStrings("en", base);
    expect(t("hello", { name: "Anna" })).toBe("Hello, Anna");
    expect(t("hello")).toBe("Hello, {name}");
  });

  test("does not read what it fills in as a pattern", () => {
    const t = createStrings("en", base);
    expect(t("hello", { name: "{n} $& <b>" })).toBe("Hello, {n} $& <b>");
  });

  test("chooses the plural by the language", () => {
    const t = createStrings("ru", base, russian);
    expect([1, 2, 5, 21, 112].map((n) => t("n", { n }))).toEqual([
      "1 строка",
      "2 строки",
      "5 строк",
      "21 строка",
      "112 строк",
    ]);
  });

  test("falls back to English, plural included, for a key that is missing", () => {
    const t = createStrings("ru", base, { hello: "Привет, {name}" });
    expect(t("n", { n: 1 })).toBe("1 line");
    expect(t("n", { n: 5 })).toBe("5 lines");
    expect(t("absent")).toBe("absent");
  });

  test("writes numbers as the language does", () => {
    expect(createStrings("en", base)("n", { n: 12_345 })).toBe("12,345 lines");
    expect(createStrings("de", base, base)("n", { n: 12_345 })).toBe("12.345 lines");
  });
});

describe("the tables", () => {
  test("have the same keys in every language", () => {
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  });

  test("of the panel and its chunks share no key", () => {
    const all = [panelEn, letterEn, shopEn].flatMap((table) => Object.keys(table));
    expect(new Set(all).size).toBe(all.length);
  });

  test.each(["en", "ru"] as const)("of %s have every plural form", (lang) => {
    for (const [key, words] of Object.entries(tables[lang])) {
      if (typeof words !== "string") {
        expect([key, Object.keys(words).sort()]).toEqual([
          key,
          [...PLURALS[lang]].sort(),
        ]);
      }
    }
  });

  test("ask for the same values in every language and form", () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      const expected = namesIn(en[key]);
      expect([key, ...namesIn(ru[key])]).toEqual([key, ...expected]);
    }
  });

  test("have no exclamation marks and no empty texts", () => {
    for (const table of Object.values(tables)) {
      for (const text of Object.values(table).flatMap(textsOf)) {
        expect(text).not.toMatch(/!|^\s*$/);
      }
    }
  });

  test("in Russian are Russian", () => {
    const latin = Object.entries(ru).filter(([, words]) =>
      textsOf(words).some((text) => !/[а-яё]/i.test(text)),
    );
    expect(latin).toEqual([]);
  });
});

describe("the launcher's words", () => {
  test("are the same in every language", () => {
    const keys = Object.keys(WORDS.en ?? {}).sort();
    for (const words of Object.values(WORDS)) {
      expect(Object.keys(words).sort()).toEqual(keys);
    }
  });

  test("are chosen by the page's language, English otherwise", () => {
    expect(wordsFor("ru-RU")("chat")).toBe("Чат");
    expect(wordsFor("RU")("chat")).toBe("Чат");
    expect(wordsFor("xx")("chat")).toBe("Chat");
    expect(wordsFor("en")("many", 4)).toBe("Open chat. 4 new messages");
  });
});

function textsOf(words: Words): string[] {
  return typeof words === "string" ? [words] : Object.values(words);
}

/** The values that the fullest form asks for; a form may leave the number out. */
function namesIn(words: Words): string[] {
  const found = textsOf(words).flatMap((text) => text.match(/\{\w+\}/g) ?? []);
  return [...new Set(found)].filter((name) => name !== "{n}").sort();
}
