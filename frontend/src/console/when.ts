/** Moments in few letters, for lists. */

import { formatTime, isSameDay, safeLocale, serverNow } from "../core/clock";

/** Return the hour of today, the day of this year, or the whole date. */
export function shortWhen(at: number, lang: string, now = serverNow()): string {
  return isSameDay(at, now) ? formatTime(at, lang) : shortDay(at, lang, now);
}

/** Return the name of a month given as "2026-03": "March", with an older one's year. */
export function monthName(month: string, lang: string, now = serverNow()): string {
  const first = new Date(`${month}-01T12:00:00`);
  const isThisYear = first.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(safeLocale(lang), {
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(first);
}

/** Return a day such as "12 Mar", with its year when it is not this one. */
export function shortDay(at: number, lang: string, now = serverNow()): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(safeLocale(lang), {
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** Return a stretch of work such as "Mon, 2 Mar, 09:00 – 18:00" on the reader's clock. */
export function shiftWords(from: number, to: number, lang: string): string {
  return new Intl.DateTimeFormat(safeLocale(lang), {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).formatRange(from, to);
}
