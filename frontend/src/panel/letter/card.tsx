/** The thread as a letter: who answers, where and by when, and the one free field. */

import type { Entry } from "../../protocol";
import { Icon } from "../../ui/icons";
import { usePanel } from "../context";
import { useStyle } from "../sheet";
import { isUnfinished } from "./contact";
import { contactOf, useContactSent, useLetter } from "./delivery";
import { dueWords } from "./due";
import { ContactForm } from "./field";
import { HoursCard } from "./hours";
import css from "./letter.css?inline";
import { useWords } from "./words";

/** Shown while nobody is there and somebody waits, or where he left a letter. */
export function LetterCard() {
  useStyle(css);
  const { state, t: say } = usePanel();
  const t = useWords();
  const letter = state.letter.value;
  useLetter(letter);
  const problem = useContactSent("letter", letter);
  const name = state.operator.value?.name || String(letter?.data?.owner ?? "");
  const given = state.given.value || contactOf(letter);
  return (
    <>
      <section class="note-card letter" aria-live="polite">
        <h3>
          <Icon name={letter ? "check" : "moon"} />
          {letter
            ? name
              ? t("letter_with", { name })
              : t("letter_with_us")
            : say("away_lead")}
        </h3>
        {letter && !state.isThere.value && <p>{say("away_lead")}</p>}
        {letter ? <Where letter={letter} contact={given} /> : <p>{say("away_hint")}</p>}
        <ContactForm label={t("contact_label")} given={problem ? "" : given} />
        {letter && <Withdraw />}
        {problem && (
          <p class="bad" role="alert">
            {t("contact_failed")}
          </p>
        )}
      </section>
      <HoursCard />
    </>
  );
}

/** The letter is no task any more, and its dialog has ended; the words stay. */
function Withdraw() {
  const { chat, state, t: say } = usePanel();
  const t = useWords();
  const withdraw = () =>
    void chat.end().catch(() => {
      state.alert.value = say("end_failed");
    });
  return (
    <button type="button" class="btn quiet sm" onClick={withdraw}>
      {t("letter_withdraw")}
    </button>
  );
}

function Where({ letter, contact }: { letter: Entry; contact: string }) {
  const { settings, state } = usePanel();
  const t = useWords();
  const due = Number(letter.data?.due_at ?? 0);
  const when = dueWords(due, settings.lang, t, state.now.value);
  // Nothing is mailed to half an address: the answer waits here.
  const isReachable = contact !== "" && !isUnfinished(contact);
  return (
    <p>
      {isReachable ? t("letter_where", { contact, when }) : t("letter_here", { when })}
    </p>
  );
}
