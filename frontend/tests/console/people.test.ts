import { describe, expect, it } from "vitest";
import { deviceOf, isPhone } from "../../src/console/device";
import { contactHref, safeHref } from "../../src/console/links";
import { firstName, inline, visitorName, within } from "../../src/console/people";
import english from "../../src/console/strings/en.json";
import russian from "../../src/console/strings/ru.json";
import type { Key } from "../../src/console/words";
import { createStrings } from "../../src/core/strings";
import { makeRow, t } from "./make";

describe("names", () => {
  it("are numbers until somebody gives his own", () => {
    const row = makeRow({ visitor: "", visitor_number: 4821 });
    expect(visitorName(row, t)).toBe("Guest 4821");
  });

  it("lose characters that would turn a sentence around", () => {
    expect(inline("Ann\u202Egnp.exe")).toBe("Anngnp.exe");
  });

  it("written leftwards keep to themselves in a sentence", () => {
    expect(inline("سارة")).toBe("\u2068سارة\u2069");
    expect(inline("\u2069سارة")).toBe("\u2068سارة\u2069");
  });

  it("quoted within quotes get the other marks, as each language has them", () => {
    const page = "Чай «Улун \u202E1 кг»";
    const ru = createStrings<Key>("ru", english, russian);
    expect(ru("on_page", { page: within(page, ru) })).toBe(
      "На странице «Чай „Улун 1 кг“»",
    );
    expect(t("on_page", { page: within('Tea "Oolong"', t) })).toBe("On “Tea ‘Oolong’”");
    expect(within("one «alone", t)).toBe("one «alone");
  });

  it("are shortened to the first word, but not numbers of guests", () => {
    expect(firstName("Марат Хасанов")).toBe("Марат");
    expect(firstName("Guest 4821")).toBe("Guest 4821");
  });
});

describe("a stranger's address", () => {
  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://shop.example/x",
    "/relative",
    "",
  ])("is no link: %s", (address) => {
    expect(safeHref(address)).toBeNull();
  });

  it.each(["https://shop.example/a?b=1", "http://shop.example/"])(
    "is: %s",
    (address) => {
      expect(safeHref(address)).toBe(address);
    },
  );
});

describe("a contact", () => {
  it.each([
    ["+7 (917) 000-00-00", "tel:+79170000000"],
    ["anna@shop.example", "mailto:anna@shop.example"],
    ["@marat_k", null],
    ["call me at noon", null],
    ["javascript:alert(1)@x.y", null],
  ])("%s leads to %s", (text, href) => {
    expect(contactHref(text)).toBe(href);
  });
});

describe("a device", () => {
  const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
  const edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36 Edg/120.0";

  it("is said in two words", () => {
    expect(deviceOf(iphone)).toBe("iPhone, Safari");
    expect(deviceOf(edge)).toBe("Windows, Edge");
    expect(isPhone(iphone)).toBe(true);
    expect(isPhone(edge)).toBe(false);
  });

  it("that nobody knows is cut short", () => {
    expect(deviceOf("x".repeat(500))).toHaveLength(80);
  });
});

describe("the words of the workspace", () => {
  it("are complete in Russian, with every plural form", () => {
    expect(Object.keys(russian)).toEqual(Object.keys(english));
    for (const [key, words] of Object.entries(english)) {
      if (typeof words !== "string") {
        const forms = Object.keys(russian[key as keyof typeof russian]);
        expect(forms, key).toEqual(["one", "few", "many", "other"]);
      }
    }
  });

  it("leave the same places open", () => {
    const holes = (words: unknown) =>
      [...new Set(JSON.stringify(words).match(/\{\w+\}/g))].sort();
    for (const key of Object.keys(english) as (keyof typeof english)[]) {
      expect(holes(russian[key]), key).toEqual(holes(english[key]));
    }
  });
});
