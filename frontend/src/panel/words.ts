/** The panel's words: English built in, other languages by their table. */

import { safeLocale } from "../core/clock";
import { createStrings, type Table, type Translate } from "../core/strings";
import en from "../strings/en.json";

export type Key = keyof typeof en;
export type T = Translate<Key>;

/** Return ``t`` for a language, with its table. */
export function createWords(lang: string, table: Table): T {
  return createStrings<Key>(lang, en, table);
}

/** Return what people are called in a sentence. */
export function firstName(name: string): string {
  return name.split(/\s+/)[0] ?? name;
}

/** Return a number as a place, such as 2nd. */
export function nth(n: number, lang: string, t: T): string {
  const form = new Intl.PluralRules(safeLocale(lang), { type: "ordinal" }).select(n);
  return t(form === "one" || form === "two" || form === "few" ? `nth_${form}` : "nth", {
    n,
  });
}
