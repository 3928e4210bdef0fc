/** What visits say in words: places, sources, times, events; all of it a stranger's. */

import { formatTime, safeLocale } from "../core/clock";
import type { LiveVisit, VisitCard, VisitEvent } from "../protocol";
import { inline, within } from "./people";
import type { Words } from "./words";

type Whence = Pick<LiveVisit, "source" | "source_name">;

/** Return a span as "3:12" or "1:02:05". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  const hours = Math.floor(seconds / 3600);
  const text = parts.join(":");
  return hours ? `${hours}:${text}` : text.replace(/^0/, "");
}

export function placeName(
  { city = "", country = "" }: Pick<LiveVisit, "city" | "country">,
  lang: string,
): string {
  return [city, countryName(country, lang)].filter(Boolean).join(", ");
}

function countryName(code: string, lang: string): string {
  try {
    const names = new Intl.DisplayNames(safeLocale(lang), { type: "region" });
    return code ? (names.of(code) ?? code) : "";
  } catch {
    return code;
  }
}

/** Return the hour where the visitor is, or nothing where that is not known. */
export function timeThere(zone: string, now: number, lang: string): string {
  try {
    return zone
      ? new Intl.DateTimeFormat(safeLocale(lang), {
          timeStyle: "short",
          timeZone: zone,
        }).format(now)
      : "";
  } catch {
    return "";
  }
}

export function sourceName(
  { source = "", source_name = "" }: Whence,
  t: Words,
): string {
  switch (source) {
    case "ad":
      return source_name ? t("source_ad", { name: inline(source_name) }) : t("an_ad");
    case "mail":
      return source_name
        ? t("source_mail", { name: inline(source_name) })
        : t("a_mail");
    case "":
    case "direct":
      return t("source_direct");
    default:
      return inline(source_name);
  }
}

/** Return a sum as the reader's language writes it. */
export function money(
  { cart = "", currency = "" }: Pick<VisitCard, "cart" | "currency">,
  lang: string,
): string {
  const sum = Number(cart);
  if (!cart || Number.isNaN(sum)) {
    return "";
  }
  try {
    const style = currency ? { style: "currency" as const, currency } : {};
    return new Intl.NumberFormat(safeLocale(lang), style).format(sum);
  } catch {
    return cart;
  }
}

/** Return what befell a visitor, as a sentence without a subject. */
export function eventWords(event: VisitEvent, t: Words): string {
  const words = inline(event.words ?? "");
  const title = inline(event.title || event.ref || "");
  const n = event.number ?? 0;
  switch (event.kind) {
    case "searched":
      return t("event_searched", { words: within(event.words ?? "", t), n });
    case "found_nothing":
      return t("event_nothing", { words: within(event.words ?? "", t) });
    case "seen_again":
      return t("event_again", { title, n });
    case "sold_out":
      return words ? t("event_size_out", { title, words }) : t("event_out", { title });
    case "form_error":
      return t("event_form", { fields: (event.fields ?? []).map(inline).join(", ") });
    case "declined":
      return words ? t("event_declined_why", { words }) : t("event_declined");
    case "idle_cart":
      return t("event_idle", { n });
    default:
      return inline(event.kind);
  }
}

export function eventTime(event: VisitEvent, lang: string): string {
  return formatTime(event.at, lang);
}
