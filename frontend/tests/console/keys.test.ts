import { describe, expect, it } from "vitest";
import { commandOf, isTextField, type Press } from "../../src/console/keys";

const OUTSIDE = { inText: false, lettersOn: true };

function press(key: string, given: Partial<Press> = {}): Press {
  const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
  return { key, code: "", ...none, ...given };
}

describe("the keyboard", () => {
  it.each([
    ["t", "take"],
    ["T", "take"],
    ["j", "next"],
    ["k", "previous"],
    ["r", "reply"],
    ["n", "note"],
    ["/", "canned"],
    ["e", "close"],
    ["?", "help"],
    ["F6", "panes"],
  ])("%s means %s", (key, command) => {
    expect(commandOf(press(key), OUTSIDE)).toBe(command);
  });

  it("knows its letters on a Cyrillic layout by their place", () => {
    expect(commandOf(press("е", { code: "KeyT" }), OUTSIDE)).toBe("take");
  });

  it("goes by the letter, not the place, on another Latin layout", () => {
    expect(commandOf(press("j", { code: "KeyC" }), OUTSIDE)).toBe("next");
  });

  it.each([
    ["Digit1", "online"],
    ["Digit2", "away"],
    ["Digit3", "offline"],
  ])("Alt and %s mean %s, in text fields too", (code, command) => {
    const where = { inText: true, lettersOn: false };
    expect(commandOf(press("¡", { code, altKey: true }), where)).toBe(command);
  });

  it("leaves letters to whoever writes", () => {
    expect(commandOf(press("t"), { inText: true, lettersOn: true })).toBeNull();
  });

  it("leaves letters alone when they were switched off", () => {
    expect(commandOf(press("t"), { inText: false, lettersOn: false })).toBeNull();
  });

  it("leaves the browser's own combinations alone", () => {
    expect(commandOf(press("t", { ctrlKey: true }), OUTSIDE)).toBeNull();
    expect(commandOf(press("r", { metaKey: true }), OUTSIDE)).toBeNull();
  });
});

describe("a text field", () => {
  it.each([
    ["textarea", "", true],
    ["input", "", true],
    ["input", "radio", false],
    ["input", "checkbox", false],
    ["button", "", false],
  ])("%s %s: %s", (tag, type, expected) => {
    const element = document.createElement(tag);
    if (type) {
      element.setAttribute("type", type);
    }
    expect(isTextField(element)).toBe(expected);
  });
});
