/** The server's time for display, and moments as people read them. */

let offset = 0;

/** Remember how far this machine's clock is from the server's. */
export function noteServerTime(serverMs: number, nowMs = Date.now()): void {
  offset = serverMs - nowMs;
}

/** Return the server's present moment in milliseconds. */
export function serverNow(nowMs = Date.now()): number {
  return nowMs + offset;
}

/** Return hours and minutes as the reader writes them, in his zone, such as 14:02. */
export function formatTime(at: number, lang: string): string {
  return format(at, regional(lang), { timeStyle: "short" });
}

/** Return the day of a moment: "Today", "Yesterday" or a date, in the locale. */
export function formatDay(at: number, lang: string, now = serverNow()): string {
  const days = daysBetween(at, now);
  if (days < 2) {
    const words = new Intl.RelativeTimeFormat(safeLocale(lang), { numeric: "auto" });
    return capitalise(words.format(-days, "day"), lang);
  }
  const withYear = new Date(at).getFullYear() !== new Date(now).getFullYear();
  return format(at, lang, {
    day: "numeric",
    month: "long",
    ...(withYear ? { year: "numeric" } : {}),
  });
}

/** Tell whether two moments fall on one day of the reader's calendar. */
export function isSameDay(left: number, right: number): boolean {
  return new Date(left).toDateString() === new Date(right).toDateString();
}

/** Return a locale that Intl accepts, English when it does not know this one. */
export function safeLocale(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** Return the reader's own variety of a language: en-GB for en, if he has it. */
function regional(lang: string): string {
  const base = lang.toLowerCase().split("-")[0];
  const own = navigator.languages?.find(
    (each) => each.toLowerCase().split("-")[0] === base,
  );
  return own ?? lang;
}

function format(at: number, lang: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(safeLocale(lang), options).format(at);
}

function daysBetween(earlier: number, later: number): number {
  const midnight = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);
  return Math.max(0, Math.round((midnight(later) - midnight(earlier)) / 86_400_000));
}

function capitalise(text: string, lang: string): string {
  return text.charAt(0).toLocaleUpperCase(safeLocale(lang)) + text.slice(1);
}
