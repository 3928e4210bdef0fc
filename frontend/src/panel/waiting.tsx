/** What stands under the log while an answer is due: the place in line, or who is away. */

import { Icon } from "../ui/icons";
import { usePanel } from "./context";
import { ContactAsk, LetterCard } from "./lazy";
import { nth } from "./words";

const MOST_PLACES = 5;

/** Longer than this, a letter is the better offer. */
const LONG_S = 300;

/** The place in line while there is one, else that everybody is busy or away. */
export function Waiting() {
  const { state } = usePanel();
  const { queue, given, isRescued, isThere, isWaiting, letter } = state;
  if (!isWaiting.value) {
    return null;
  }
  if (!isThere.value || letter.value) {
    return <LetterCard fallback={<Nobody />} />;
  }
  const isLong = (queue.value?.answer_s ?? 0) > LONG_S;
  const isAlone = isLong || (!queue.value && (isRescued.value || given.value !== ""));
  return (
    <>
      {isAlone && <ContactAsk isAlone />}
      {queue.value ? <Line isAsking={!isLong} /> : <Nobody />}
    </>
  );
}

/** Where the visitor stands, from the server: said again only when it changes. */
function Line({ isAsking }: { isAsking: boolean }) {
  const { state, settings, t } = usePanel();
  const { place, answer_s } = state.queue.value ?? { place: 1 };
  const minutes = Math.max(1, Math.ceil((answer_s ?? 0) / 60));
  const shown = Math.min(place, MOST_PLACES);
  const numbers = Array.from({ length: shown - 1 }, (_, before) => before + 1);
  return (
    <div class="note-card">
      <h3>
        <Icon name="clock" />
        <span role="status">
          {place > 1
            ? t("queue_place", { nth: nth(place, settings.lang, t) })
            : t("queue_next")}
        </span>
      </h3>
      {place > 1 && (
        <div class="places" aria-hidden="true">
          {numbers.map((number) => (
            <span key={number}>{number}</span>
          ))}
          {place > MOST_PLACES && "…"}
          <b>{t("you")}</b>
        </div>
      )}
      <p>
        {answer_s ? `${t("queue_about", { n: minutes })} ` : ""}
        {t("queue_browse")}
      </p>
      {isAsking && <ContactAsk isAlone={false} />}
    </div>
  );
}

/** Said at once when the last operator leaves while somebody waits for an answer. */
function Nobody() {
  const { state, t } = usePanel();
  const { state: word, online = 0 } = state.availability.value;
  const isBusy = word === "busy";
  return word === "online" ? null : (
    <div class="note-card">
      <h3>
        <Icon name={isBusy ? "clock" : "moon"} />
        {isBusy ? t("busy_count", { n: online }) : t("away_lead")}
      </h3>
      <p>{t(isBusy ? "busy_note" : "away_hint")}</p>
    </div>
  );
}
