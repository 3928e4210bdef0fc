/** The interface's words: t("key", vars), with plurals by the language's own rules. */

import { safeLocale } from "./clock";

/** A text, or its plural forms by the names of ``Intl.PluralRules``. */
export type Words = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Table = Readonly<Record<string, Words>>;
export type Vars = Readonly<Record<string, string | number>>;
export type Translate<Key extends string = string> = (key: Key, vars?: Vars) => string;

/**
 * Return ``t``. A key that ``table`` lacks is taken from ``base``, which is English.
 *
 * The plural form follows ``vars.n``; ``{name}`` is replaced by ``vars.name``, a
 * number as the language writes it.
 */
export function createStrings<Key extends string>(
  lang: string,
  base: Table,
  table: Table = {},
): Translate<Key> {
  return (key, vars = {}) => {
    const own = table[key];
    const locale = safeLocale(own === undefined ? "en" : lang);
    const words = own ?? base[key] ?? key;
    return fill(choose(words, vars, locale), vars, locale);
  };
}

function choose(words: Words, vars: Vars, locale: string): string {
  if (typeof words === "string") {
    return words;
  }
  const form = new Intl.PluralRules(locale).select(Number(vars.n ?? 0));
  return words[form] ?? words.other ?? "";
}

function fill(text: string, vars: Vars, locale: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = vars[name];
    if (value === undefined) {
      return whole;
    }
    return typeof value === "number"
      ? new Intl.NumberFormat(locale).format(value)
      : value;
  });
}
