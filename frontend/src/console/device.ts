/** A browser's long name for itself, as two words that a person understands. */

const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];
// Those that call themselves by the names of others come first.
const BROWSERS: readonly [RegExp, string][] = [
  [/YaBrowser/, "Yandex Browser"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/Firefox\/|FxiOS/, "Firefox"],
  [/Chrome\/|CriOS/, "Chrome"],
  [/Safari\//, "Safari"],
];
const LONGEST = 80;

/** Return "iPhone, Safari", or the beginning of a name that nobody knows. */
export function deviceOf(userAgent: string): string {
  const known = [SYSTEMS, BROWSERS].map(
    (table) => table.find(([pattern]) => pattern.test(userAgent))?.[1],
  );
  return known.filter(Boolean).join(", ") || userAgent.slice(0, LONGEST);
}

/** Tell whether it is held in a hand. */
export function isPhone(userAgent: string): boolean {
  return /iPhone|iPod|Android.*Mobile|Windows Phone/.test(userAgent);
}
