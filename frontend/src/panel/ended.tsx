/** The end of a dialog: a like or dislike, a word, a copy. */

import { useSignal } from "@preact/signals";
import { Icon } from "../ui/icons";
import { usePanel } from "./context";
import { CopyCard } from "./lazy";
import { firstName } from "./words";

type Thumb = "up" | "down";

/** What is offered when a dialog has ended. */
export function Ended() {
  const { state } = usePanel();
  return (
    <>
      {!state.isWithdrawn.value && <Rating />}
      <CopyCard />
    </>
  );
}

function Rating() {
  const { state, chat, t } = usePanel();
  const chosen = useSignal(thumbOf(state.dialog.value?.thumb));
  const comment = useSignal("");
  const note = useSignal<"" | "rated" | "rate_failed">("");
  const operator = state.operator.value;
  const name = operator ? firstName(operator.name) : "";

  const rate = async (thumb: Thumb, words: string) => {
    chosen.value = thumb;
    note.value = "";
    try {
      await chat.rate(thumb, words);
      note.value = words ? "rated" : "";
    } catch {
      note.value = "rate_failed";
    }
  };

  return (
    <section
      class="note-card"
      aria-label={t(name ? "rate_question" : "rate_question_us", { name })}
    >
      <h3>{t(name ? "rate_question" : "rate_question_us", { name })}</h3>
      <div class="rate">
        <ThumbButton
          thumb="up"
          chosen={chosen.value}
          onRate={(thumb) => rate(thumb, comment.value)}
        />
        <ThumbButton
          thumb="down"
          chosen={chosen.value}
          onRate={(thumb) => rate(thumb, comment.value)}
        />
      </div>
      {chosen.value && note.value !== "rated" && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen.value) {
              void rate(chosen.value, comment.value.trim());
            }
          }}
        >
          <label class="lab" for="word">
            {t(name ? "word_for" : "word_for_us", { name })}{" "}
            <small>{t("optional")}</small>
          </label>
          <div class="tin">
            <input
              id="word"
              maxLength={1000}
              placeholder={t(chosen.value === "up" ? "what_good" : "what_bad")}
              value={comment.value}
              onInput={(event) => {
                comment.value = event.currentTarget.value;
              }}
            />
            <button type="submit" class="ib sm" aria-label={t("send_word")}>
              <Icon name="right" directional />
            </button>
          </div>
        </form>
      )}
      {note.value && (
        <p class={note.value === "rated" ? "done" : "bad"} role="status">
          {note.value === "rated" && <Icon name="check" size={16} />}
          <span>{t(note.value)}</span>
        </p>
      )}
    </section>
  );
}

interface ThumbProps {
  thumb: Thumb;
  chosen: Thumb | null;
  onRate: (thumb: Thumb) => void;
}

function ThumbButton({ thumb, chosen, onRate }: ThumbProps) {
  const { t } = usePanel();
  return (
    <button
      type="button"
      class={thumb}
      aria-pressed={chosen === thumb}
      onClick={() => onRate(thumb)}
    >
      <Icon name={thumb === "up" ? "thumbUp" : "thumbDown"} />
      {t(thumb === "up" ? "rate_up" : "rate_down")}
    </button>
  );
}

function thumbOf(value: string | null | undefined): Thumb | null {
  return value === "up" || value === "down" ? value : null;
}
