/** The keyboard: which press means what. */

export type Command =
  | "take"
  | "next"
  | "previous"
  | "reply"
  | "note"
  | "canned"
  | "product"
  | "close"
  | "hand"
  | "hold"
  | "help"
  | "online"
  | "away"
  | "offline"
  | "panes";

export type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey"
>;

const LETTERS: Readonly<Record<string, Command>> = {
  t: "take",
  j: "next",
  k: "previous",
  r: "reply",
  n: "note",
  e: "close",
  p: "product",
  m: "hand",
  h: "hold",
  "/": "canned",
  "?": "help",
};
const DIGITS: Readonly<Record<string, Command>> = {
  Digit1: "online",
  Digit2: "away",
  Digit3: "offline",
};

/**
 * Return the command of a press, or null. Single characters mean something only
 * outside text fields, and only while the operator has not switched them off.
 */
export function commandOf(
  press: Press,
  where: { inText: boolean; lettersOn: boolean },
): Command | null {
  if (press.ctrlKey || press.metaKey) {
    return null;
  }
  if (press.altKey) {
    return DIGITS[press.code] ?? null;
  }
  if (press.key === "F6") {
    return "panes";
  }
  if (where.inText || !where.lettersOn) {
    return null;
  }
  return LETTERS[latin(press)] ?? null;
}

/** Tell whether a press there is writing. */
export function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("textarea, select, input:not([type=radio], [type=checkbox])"))
  );
}

/** Return the character as a Latin keyboard has it, for those who write otherwise. */
function latin({ key, code }: Press): string {
  if (/^[a-z/?]$/i.test(key)) {
    return key.toLowerCase();
  }
  return /^Key[A-Z]$/.test(code) && key.length === 1
    ? code.slice(3).toLowerCase()
    : key;
}
