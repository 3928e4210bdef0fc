/** The one free field for a contact: anything is taken, and said what it is. */

import { Icon } from "../../ui/icons";
import { usePanel } from "../context";
import { isUnfinished, kindOf } from "./contact";
import { type Key, useWords } from "./words";

interface Props {
  label: string;
  /** Pressed to save it; in a form that sends it along there is no button of its own. */
  isSaved?: boolean;
}

/** Label, field, kind and hint; what is typed stands in the panel's state. */
export function ContactInput({ label, isSaved = false }: Props) {
  const { state } = usePanel();
  const t = useWords();
  const text = state.contact.value;
  const kind = kindOf(text);
  const isDoubted = isUnfinished(text);
  const isKnown = kind !== "noted" && !isDoubted;
  return (
    <>
      <label class="lab" for="contact">
        {label}
      </label>
      <div class="tin">
        <input
          id="contact"
          maxLength={200}
          autocomplete="off"
          aria-describedby="contact-hint"
          value={text}
          onInput={(event) => {
            state.contact.value = event.currentTarget.value;
          }}
        />
        <span role="status">
          {kind && (
            <span class={isKnown ? "kind ok" : "kind"}>
              {isKnown && <Icon name="check" size={14} />}
              {t(`kind_${kind}` as Key)}
            </span>
          )}
        </span>
        {isSaved && (
          <button type="submit" class="btn soft sm" disabled={!text.trim()}>
            {t("contact_save")}
          </button>
        )}
      </div>
      <p class="hint" id="contact-hint">
        {t(isDoubted ? "contact_doubt" : "contact_hint")}
      </p>
    </>
  );
}

/** The field in a card: open until a contact was given, and again to change it. */
export function ContactForm({ label, given }: { label: string; given: string }) {
  const { state } = usePanel();
  const t = useWords();
  const { contact, isContactOpen, given: sent } = state;
  if (given && !isContactOpen.value) {
    return (
      <button
        type="button"
        class="btn sec sm"
        onClick={() => {
          contact.value = given;
          isContactOpen.value = true;
        }}
      >
        {t("contact_change")}
      </button>
    );
  }
  const save = (event: Event) => {
    event.preventDefault();
    sent.value = contact.value.trim();
    isContactOpen.value = false;
  };
  return (
    <form onSubmit={save} noValidate>
      <ContactInput label={label} isSaved />
    </form>
  );
}
