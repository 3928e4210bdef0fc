/** When somebody is there, for who finds the shop closed. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Stretch } from "../../protocol";
import { usePanel } from "../context";
import { useStyle } from "../sheet";
import css from "./letter.css?inline";
import { dayWords, weekLines, zoneWords } from "./week";
import { useWords } from "./words";

/**
 * The coming week on the visitor's clock; nothing while the shop is open. Above the
 * form, which has no room to spare, it is a line to press.
 */
export function HoursCard() {
  useStyle(css);
  const { chat, settings, state } = usePanel();
  const t = useWords();
  const isFolded = useSignal(state.isLetter.peek()).peek();
  const stretches = useSignal<readonly Stretch[]>([]);
  const isClosed = state.availability.value.state === "offline";
  useEffect(() => {
    if (isClosed) {
      void chat.askHours().then(
        (found) => {
          stretches.value = found;
        },
        () => undefined,
      );
    }
  }, [isClosed]);
  if (!isClosed || stretches.value.length === 0) {
    return null;
  }
  const { lang } = settings;
  const words = { lang, allDay: t("hours_all_day") };
  const now = state.now.value;
  return (
    <details
      class="note-card week"
      open={!isFolded}
      onToggle={({ currentTarget }) => {
        if (isFolded && currentTarget.open) {
          currentTarget.scrollIntoView({ block: "nearest" });
        }
      }}
    >
      <summary>{t("hours_title")}</summary>
      <dl>
        {weekLines(stretches.value, words, now).map((line) => (
          <div key={line.from} class={line.isToday ? "now" : ""}>
            <dt>{dayWords(line, lang)}</dt>
            <dd>
              <bdi>
                {line.times
                  ? line.isToday
                    ? t("hours_today", { times: line.times })
                    : line.times
                  : t("hours_closed")}
              </bdi>
            </dd>
          </div>
        ))}
      </dl>
      <p>{t("hours_zone", { zone: zoneWords(lang, now) })}</p>
    </details>
  );
}
