/** How people are called on the screen: their own words, made harmless for a sentence. */

import type { InboxRow, VisitorCard } from "../protocol";
import type { Words } from "./words";

// Characters that turn the direction of text around, and letters written leftwards.
const CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const LEFTWARDS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const QUOTED = /[«“"]([^«»“”"]*)[»”"]/g;
const FIRST_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";
const COLOURS = 6;

/** Return a name for use inside a sentence: it cannot turn the words around it. */
export function inline(name: string): string {
  const plain = name.replace(CONTROLS, "");
  return LEFTWARDS.test(plain) ? FIRST_ISOLATE + plain + POP_ISOLATE : plain;
}

/** Return words for use between quotation marks: their own become the inner ones. */
export function within(words: string, t: Words): string {
  return inline(
    words.replace(QUOTED, (_all, text: string) => t("quoted_in", { text })),
  );
}

/** Return what a visitor is called: his name, or a number until he has one. */
export function visitorName(
  row: Pick<InboxRow, "visitor" | "visitor_number">,
  t: Words,
): string {
  return row.visitor || guest(row.visitor_number, t);
}

export function cardName(card: VisitorCard, t: Words): string {
  return card.name || guest(card.number, t);
}

/** Return the first word of a name, for "Reply to Marat"; of "Guest 7" all of it. */
export function firstName(name: string): string {
  if (/\d$/.test(name)) {
    return name;
  }
  return name.trim().split(/\s+/)[0] ?? name;
}

/** Return one of the picture's colours, always the same for a person. */
export function colourOf(number: number): string {
  return `c${(Math.abs(number) % COLOURS) + 1}`;
}

function guest(number: number, t: Words): string {
  return t("guest", { n: String(number) });
}
