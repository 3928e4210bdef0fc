/** Where else to answer: offered to who waits in line, or waits longer than he should. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { makeId } from "../../core/ids";
import { Icon } from "../../ui/icons";
import { usePanel } from "../context";
import { useStyle } from "../sheet";
import { contactOf, useContactSent } from "./delivery";
import { ContactForm } from "./field";
import css from "./letter.css?inline";
import { useWords } from "./words";

/** In a card of its own it also offers to make a late question a letter. */
export function ContactAsk({ isAlone }: { isAlone: boolean }) {
  useStyle(css);
  const { state } = usePanel();
  const t = useWords();
  const box = useRef<HTMLElement>(null);
  const isLate = state.isWaiting.value;
  const isAsked = state.isContactAsked.value;
  useLayoutEffect(() => {
    if (isAsked) {
      box.current?.scrollIntoView({ block: "nearest" });
      box.current?.querySelector<HTMLElement>("input, button")?.focus();
    }
  }, [isAsked]);
  const latest = state.entries.value.filter((each) => each.kind === "contact").at(-1);
  const problem = useContactSent("contact", latest);
  const given = state.given.value || contactOf(latest);
  const form = (
    <>
      {given && <p>{t("contact_kept", { contact: given })}</p>}
      <ContactForm
        label={t(isAlone ? "contact_label" : "contact_else")}
        given={problem ? "" : given}
      />
      {problem && (
        <p class="bad" role="alert">
          {t("contact_failed")}
        </p>
      )}
    </>
  );
  return isAlone ? (
    <section ref={box} class="note-card letter" aria-live="polite">
      {isLate && (
        <h3>
          <Icon name="mail" />
          {t("letter_offer")}
        </h3>
      )}
      {form}
      {isLate && <LeaveIt />}
    </section>
  ) : (
    <div class="letter">{form}</div>
  );
}

/** Leave the line: the words that are there already become a letter. */
function LeaveIt() {
  const { state, chat } = usePanel();
  const t = useWords();
  const isBusy = useSignal(false);
  const key = useSignal(makeId());
  return (
    <button
      type="button"
      class="btn quiet sm"
      disabled={isBusy.value}
      onClick={() => {
        isBusy.value = true;
        const contact = state.given.value || state.contact.value.trim();
        chat
          .leave("letter", contact, key.value)
          .catch(() => {
            state.alert.value = t("contact_failed");
          })
          .finally(() => {
            isBusy.value = false;
          });
      }}
    >
      {t("letter_leave")}
    </button>
  );
}
