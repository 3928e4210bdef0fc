/** By when a letter is answered, on the visitor's calendar and clock. */

import { formatTime, isSameDay, safeLocale } from "../../core/clock";
import type { Translate } from "../../core/strings";
import type { Key } from "./words";

const DAY_MS = 86_400_000;
const NAMED_DAYS = 6;

/** Return "on Monday before 10:00"; later than a week the date is given. */
export function dueWords(
  at: number,
  lang: string,
  t: Translate<Key>,
  now: number,
): string {
  const time = formatTime(at, lang);
  if (at <= now) {
    return t("due_soon");
  }
  if (isSameDay(now, at)) {
    return t("due_today", { time });
  }
  if (isSameDay(now + DAY_MS, at)) {
    return t("due_tomorrow", { time });
  }
  if (at - now < NAMED_DAYS * DAY_MS) {
    // Intl puts no weekday after a preposition, and languages bend it.
    return t(`due_${new Date(at).getDay()}` as Key, { time });
  }
  const date = new Intl.DateTimeFormat(safeLocale(lang), {
    day: "numeric",
    month: "long",
  });
  return t("due_date", { date: date.format(at), time });
}
