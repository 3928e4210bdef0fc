/** What the shop's tag says that only the panel needs. */

import type { WidgetTag } from "../launcher/host";

export interface Settings {
  lang: string;
  root: string;
  shop: string;
  topic: string;
  chips: readonly string[];
  /** Whether staff may see drafts at all in this shop. */
  peek: boolean;
}

const CHIPS = 4;

/** Return the tag's data, with sound defaults. */
export function readSettings({ data, lang }: WidgetTag): Settings {
  return {
    lang,
    root: data.root ?? "/chatdesk/",
    shop: data.shop ?? "",
    topic: data.topic ?? "",
    chips: readList(data.chips),
    peek: data.peek !== "0",
  };
}

function readList(text = "[]"): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String).slice(0, CHIPS) : [];
  } catch {
    return [];
  }
}
