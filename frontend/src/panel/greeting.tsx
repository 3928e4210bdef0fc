/** What a visitor sees first: people, a question, and no form. */

import { safeLocale } from "../core/clock";
import { Avatar } from "../ui/avatar";
import { usePanel } from "./context";
import { HoursCard } from "./lazy";
import { firstName } from "./words";

const FACES = 3;
/** Below this a measured time says no more than "at once". */
const LEAST_S = 2;

/** Faces, the question, who is there, beginnings of a question. */
export function Greeting() {
  const { state, settings, t } = usePanel();
  const { operators = [] } = state.availability.value;
  const shown = operators.slice(0, FACES);
  const { topic } = settings;
  return (
    <div class="hello">
      {shown.length > 0 && (
        <span class="avs">
          {shown.map((each) => (
            <Avatar key={each.id} name={each.name} photo={each.photo ?? ""} size={56} />
          ))}
        </span>
      )}
      {!state.isLetter.value && <h3>{topic ? t("ask_about", { topic }) : t("ask")}</h3>}
      <Lead />
      {state.isLetter.value ? <HoursCard /> : <Chips />}
    </div>
  );
}

function Lead() {
  const { state, settings, t } = usePanel();
  const { operators = [], answer_s, state: word } = state.availability.value;
  if (!state.isThere.value) {
    return (
      <>
        <p>{t("away_lead")}</p>
        <p class="hint">{t("away_hint")}</p>
      </>
    );
  }
  if (word === "busy" || operators.length === 0) {
    return <p>{word === "busy" ? t("busy_note") : null}</p>;
  }
  const people = operators.slice(0, FACES).map(({ name }) => firstName(name));
  const list = new Intl.ListFormat(safeLocale(settings.lang), { type: "conjunction" });
  const vars = { n: people.length, names: list.format(people) };
  return (
    <p>
      {answer_s
        ? t("here_now_answer", { ...vars, t: Math.max(answer_s, LEAST_S) })
        : t("here_now", vars)}
    </p>
  );
}

function Chips() {
  const { settings, state, type } = usePanel();
  const fill = (chip: string) => {
    type(`${chip}: `);
    state.focusWish.value += 1;
  };
  return settings.chips.length === 0 ? null : (
    <div class="quick">
      {settings.chips.map((chip) => (
        <button type="button" key={chip} onClick={() => fill(chip)}>
          {chip}
        </button>
      ))}
    </div>
  );
}
