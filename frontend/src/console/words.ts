/** The workspace's words: English comes with the script, the rest is fetched. */

import { createStrings, type Table, type Translate } from "../core/strings";
import english from "./strings/en.json";

export type Key = keyof typeof english;
export type Words = Translate<Key>;

/** Return ``t`` for a language; English stands in until its table has come. */
export async function loadWords(lang: string, url: string): Promise<Words> {
  const table = lang.startsWith("en") || !url ? {} : await fetchTable(url);
  return createStrings<Key>(lang, english, table);
}

async function fetchTable(url: string): Promise<Table> {
  try {
    const response = await fetch(url, { credentials: "same-origin" });
    return response.ok ? ((await response.json()) as Table) : {};
  } catch {
    return {};
  }
}
