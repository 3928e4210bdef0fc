/** The chunk's words: English travels with it, other languages in the panel's table. */

import type { Translate } from "../../core/strings";
import { createStrings } from "../../core/strings";
import { usePanel } from "../context";
import en from "./strings/en.json";

export type Key = keyof typeof en;
export type T = Translate<Key>;

/** Return ``t`` of this chunk. */
export function useWords(): T {
  const { settings, table } = usePanel();
  return createStrings<Key>(settings.lang, en, table);
}
