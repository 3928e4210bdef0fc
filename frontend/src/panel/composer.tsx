/** Where the visitor writes. Enter sends with a keyboard, makes a line on a phone. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { MAX_TEXT_LENGTH } from "../protocol";
import { Icon } from "../ui/icons";
import { usePanel } from "./context";
import { Fine } from "./fine";

const TALLEST_PX = 130;

/** The field, its button, and the line beneath. */
export function Composer() {
  const { state, chat, chunks, type, t } = usePanel();
  // Around one and the same field: who is typing when the shop closes goes on typing.
  const letter = state.isLetter.value ? chunks.use("letter") : undefined;
  const field = useRef<HTMLTextAreaElement>(null);
  const text = state.draft.value;
  const isTooLong = text.length > MAX_TEXT_LENGTH;
  const isWaiting = state.entries.value.length > 0 && state.operator.value === null;
  const canSend = text.trim() !== "" && !isTooLong;

  useLayoutEffect(() => fitHeight(field.current), [text, state.isOpen.value]);
  const wish = state.focusWish.value;
  // Before the next key: it must find the field and the end of the text.
  useLayoutEffect(() => {
    if (wish > 0) {
      field.current?.focus({ preventScroll: true });
      field.current?.setSelectionRange(text.length, text.length);
    }
  }, [wish]);

  const submit = (event: Event) => {
    event.preventDefault();
    if (canSend) {
      type("");
      letter?.giveContact(state);
      void chat.send(text.trim());
      field.current?.focus({ preventScroll: true });
    }
  };

  return (
    <form class={letter ? "cw-c as-letter" : "cw-c"} onSubmit={submit}>
      {letter && <letter.QuestionLabel />}
      <div class="cw-box">
        <textarea
          ref={field}
          id="say"
          rows={1}
          aria-label={letter ? undefined : t("message_label")}
          aria-invalid={isTooLong}
          placeholder={letter ? "" : t(isWaiting ? "write_more" : "write")}
          value={text}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            const { key, ctrlKey, metaKey } = event;
            const isWhole = key === "Enter" && (ctrlKey || metaKey);
            if (letter ? isWhole : sends(event)) {
              submit(event);
            }
          }}
        />
        {!letter && (
          <button
            type="submit"
            class={canSend ? "ib send on" : "ib send"}
            aria-label={t("send")}
          >
            <Icon name="send" directional />
          </button>
        )}
      </div>
      {isTooLong && (
        <p class="fine bad" role="alert">
          {t("too_long", { n: text.length, max: MAX_TEXT_LENGTH })}
        </p>
      )}
      {letter ? <letter.LetterRest /> : !isTooLong && <Fine />}
    </form>
  );
}

/** Tell whether a key press means "send", not a line break and not a word chosen. */
export function sends(event: KeyboardEvent): boolean {
  const isChoosing = event.isComposing || event.keyCode === 229;
  const isPlain = event.key === "Enter" && !event.shiftKey && !event.altKey;
  return isPlain && !isChoosing && !matchMedia("(pointer: coarse)").matches;
}

function fitHeight(field: HTMLTextAreaElement | null): void {
  if (field) {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, TALLEST_PX)}px`;
  }
}
