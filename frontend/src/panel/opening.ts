/** When a closed shop opens, as the visitor's calendar and clock show it. */

import { formatTime, isSameDay, safeLocale, serverNow } from "../core/clock";
import type { Key, T } from "./words";

const DAY_MS = 86_400_000;
const NAMED_DAYS = 6;

/** Return "Back on Monday at 09:00"; later than a week the date is given. */
export function openingWords(
  at: number,
  lang: string,
  t: T,
  now = serverNow(),
): string {
  const time = formatTime(at, lang);
  if (isSameDay(now, at)) {
    return t("back_today", { time });
  }
  if (isSameDay(now + DAY_MS, at)) {
    return t("back_tomorrow", { time });
  }
  if (at - now < NAMED_DAYS * DAY_MS) {
    // A weekday is not put after a preposition by Intl, and languages bend it.
    return t(`back_${new Date(at).getDay()}` as Key, { time });
  }
  const date = new Intl.DateTimeFormat(safeLocale(lang), {
    day: "numeric",
    month: "long",
  });
  return t("back_date", { date: date.format(at), time });
}
