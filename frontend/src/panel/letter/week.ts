/** The shop's hours on the visitor's calendar: a line a day, equal days together. */

import { formatTime, isSameDay, safeLocale } from "../../core/clock";
import type { Stretch } from "../../protocol";

/** Days that are alike, such as Monday to Friday; no times where it is closed. */
export interface Line {
  readonly from: number;
  readonly to: number;
  readonly times: string;
  readonly isToday: boolean;
}

/** How times are written, and what a whole day is called. */
export interface Words {
  readonly lang: string;
  readonly allDay: string;
}

const DAYS = 7;

/** Return Monday to Sunday as they come next, today standing alone. */
export function weekLines(
  stretches: readonly Stretch[],
  words: Words,
  now: number,
): Line[] {
  const lines: Line[] = [];
  for (const day of comingWeek(now)) {
    const times = timesOn(day, stretches, words);
    const isToday = isSameDay(now, day);
    const last = lines.at(-1);
    if (last && !isToday && !last.isToday && last.times === times) {
      lines[lines.length - 1] = { ...last, to: day };
    } else {
      lines.push({ from: day, to: day, times, isToday });
    }
  }
  return lines;
}

/** Return "Mon – Fri" or "Saturday". */
export function dayWords({ from, to }: Line, lang: string): string {
  const name = (day: number, weekday: "long" | "short") =>
    new Intl.DateTimeFormat(safeLocale(lang), { weekday }).format(day);
  return from === to
    ? capital(name(from, "long"), lang)
    : `${capital(name(from, "short"), lang)} – ${name(to, "short")}`;
}

/** Return the visitor's zone in his language, such as "Moscow Standard Time". */
export function zoneWords(lang: string, now: number): string {
  const parts = new Intl.DateTimeFormat(safeLocale(lang), { timeZoneName: "long" });
  const found = parts.formatToParts(now).find(({ type }) => type === "timeZoneName");
  return found?.value ?? "";
}

/** The next seven days by their midnights, from Monday on. */
function comingWeek(now: number): number[] {
  const days = Array.from({ length: DAYS }, (_, ahead) => {
    const day = new Date(now);
    // A date and not so many hours: days of 23 and 25 hours are days.
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() + ahead);
  });
  const place = (day: Date) => (day.getDay() + DAYS - 1) % DAYS;
  return days.sort((left, right) => place(left) - place(right)).map(Number);
}

function timesOn(day: number, stretches: readonly Stretch[], words: Words): string {
  const next = new Date(day);
  next.setDate(next.getDate() + 1);
  const end = Number(next);
  return stretches
    .filter(({ begins_at, ends_at }) => begins_at < end && ends_at > day)
    .flatMap(({ begins_at, ends_at }) => {
      if (begins_at <= day && ends_at >= end) {
        return [words.allDay];
      }
      // What goes on past midnight belongs to the day on which it began.
      const until = formatTime(ends_at, words.lang);
      return begins_at < day ? [] : [`${formatTime(begins_at, words.lang)}–${until}`];
    })
    .join(", ");
}

function capital(text: string, lang: string): string {
  return text.charAt(0).toLocaleUpperCase(safeLocale(lang)) + text.slice(1);
}
