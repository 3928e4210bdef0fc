/** The panel where nobody is: a letter, with the message first and nothing required. */

import { useSignal } from "@preact/signals";
import { usePanel } from "../context";
import { useStyle } from "../sheet";
import type { State } from "../state";
import { ContactInput } from "./field";
import css from "./letter.css?inline";
import { useWords } from "./words";

/** Take the contact along with the words that are being sent. */
export function giveContact({ contact, given }: State): void {
  given.value = contact.value.trim();
}

/** Names the field in which the question is written. */
export function QuestionLabel() {
  useStyle(css);
  const t = useWords();
  return (
    <label class="lab" for="say">
      {t("letter_question")}
    </label>
  );
}

/** What follows the question: where to answer, and the button. */
export function LetterRest() {
  const { state, t: say } = usePanel();
  const t = useWords();
  const isToldEmpty = useSignal(false);
  const isEmpty = state.draft.value.trim() === "";
  return (
    <>
      {isToldEmpty.value && isEmpty && (
        <p class="bad" role="alert">
          {t("letter_empty")}
        </p>
      )}
      <ContactInput label={t("contact_label")} />
      <button
        type="submit"
        class="btn wide"
        onClick={() => {
          isToldEmpty.value = isEmpty;
          state.focusWish.value += isEmpty ? 1 : 0;
        }}
      >
        {t("letter_send")}
      </button>
      <p class="fine">
        <button
          type="button"
          onClick={() => {
            state.view.value = "privacy";
          }}
        >
          {say("how_we_use")}
        </button>
      </p>
    </>
  );
}
