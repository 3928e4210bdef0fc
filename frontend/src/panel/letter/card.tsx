/** The thread as a letter: who answers, where and by when, and the one free field. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { safeLocale } from "../../core/clock";
import { makeId } from "../../core/ids";
import type { Entry } from "../../protocol";
import { Icon } from "../../ui/icons";
import { usePanel } from "../context";
import { kindOf } from "./contact";
import { type Key, useWords } from "./words";

/** A moment without anybody may be a reconnect: the thread waits it out. */
const PATIENCE_MS = 5_000;

/** Shown while nobody is there and somebody waits for an answer. */
export function LetterCard() {
  const { state, chat, t: say } = usePanel();
  const t = useWords();
  const entries = state.entries.value;
  const question = entries.filter((each) => each.kind === "message").at(-1);
  const letter = latestLetter(entries);
  const tries = useSignal(0);

  useEffect(() => {
    if (letter || !question || question.author !== "visitor") {
      return;
    }
    const pause = tries.value ? 15_000 : PATIENCE_MS;
    const timer = setTimeout(() => {
      // Made of the words it is about: sent twice, it is one letter.
      const key = [...question.cmid].reverse().join("");
      chat.leaveLetter("", key).catch(() => {
        tries.value += 1;
      });
    }, pause);
    return () => clearTimeout(timer);
  }, [question?.cmid, letter?.seq, tries.value]);

  const operator = state.operator.value;
  return (
    <section class="note-card letter" aria-live="polite">
      <h3>
        <Icon name={letter ? "check" : "moon"} />
        {letter
          ? operator
            ? t("letter_with", { name: operator.name })
            : t("letter_with_us")
          : say("away_lead")}
      </h3>
      {letter && (
        <>
          <p>{say("away_lead")}</p>
          <Where letter={letter} />
        </>
      )}
      <ContactField given={contactOf(letter)} />
    </section>
  );
}

function Where({ letter }: { letter: Entry }) {
  const { settings } = usePanel();
  const t = useWords();
  const due = Number(letter.data?.due_at ?? 0);
  const time = new Intl.DateTimeFormat(safeLocale(settings.lang), {
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
  }).format(due);
  const contact = contactOf(letter);
  return (
    <p>{contact ? t("letter_where", { contact, time }) : t("letter_here", { time })}</p>
  );
}

/** One free field: anything is taken, nothing is asked twice. */
export function ContactField({ given }: { given: string }) {
  const { chat } = usePanel();
  const t = useWords();
  const text = useSignal(given);
  const isOpen = useSignal(!given);
  const problem = useSignal(false);
  if (given && !isOpen.value) {
    return (
      <button
        type="button"
        class="btn sec sm"
        onClick={() => {
          isOpen.value = true;
        }}
      >
        {t("contact_change")}
      </button>
    );
  }
  const kind = kindOf(text.value);
  const save = (event: Event) => {
    event.preventDefault();
    problem.value = false;
    const key = makeId();
    chat
      .leaveLetter(text.value.trim(), key)
      .then(() => {
        isOpen.value = false;
      })
      .catch(() => {
        problem.value = true;
      });
  };
  return (
    <form onSubmit={save} noValidate>
      <label class="lab" for="contact">
        {t("contact_label")}
      </label>
      <div class="tin">
        <input
          id="contact"
          maxLength={200}
          autocomplete="off"
          aria-describedby="contact-hint"
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        {kind && (
          <span class="kind" role="status">
            {t(`kind_${kind}` as Key)}
          </span>
        )}
        <button type="submit" class="btn soft sm" disabled={!text.value.trim()}>
          {t("contact_save")}
        </button>
      </div>
      <p id="contact-hint">{t("contact_hint")}</p>
      {problem.value && (
        <p class="bad" role="alert">
          {t("contact_failed")}
        </p>
      )}
    </form>
  );
}

/** Return the letter that stands for the present question, if there is one. */
export function latestLetter(entries: readonly Entry[]): Entry | undefined {
  const answered = [...entries]
    .reverse()
    .find((each) => each.kind === "message" && each.author === "operator");
  return [...entries]
    .reverse()
    .find((each) => each.kind === "letter" && each.seq > (answered?.seq ?? 0));
}

function contactOf(letter: Entry | undefined): string {
  const { contact } = letter?.data ?? {};
  return typeof contact === "string" ? contact : "";
}
