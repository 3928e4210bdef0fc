/** Writing down who a visitor is. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { VisitorCard } from "../protocol";
import { useDesk } from "./desk";

const LONGEST_NAME = 120;
const LONGEST_CONTACT = 200;

interface Props {
  conv: string;
  visitor: VisitorCard;
  onDone: () => void;
}

export function VisitorForm({ conv, visitor, onDone }: Props) {
  const { actions, t } = useDesk();
  const name = useSignal(visitor.name);
  const contact = useSignal(visitor.contact ?? "");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const card = { name: name.value.trim(), contact: contact.value.trim() };
    if (await actions.saveCard(conv, card)) {
      onDone();
    }
  };
  return (
    <form
      class="vform"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          onDone();
        }
      }}
    >
      <label>
        {t("name")}
        <span class="field">
          <input
            ref={first}
            name="name"
            autocomplete="off"
            maxLength={LONGEST_NAME}
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </span>
      </label>
      <label>
        {t("contact")}
        <span class="field">
          <input
            name="contact"
            autocomplete="off"
            maxLength={LONGEST_CONTACT}
            placeholder={t("contact_hint")}
            value={contact.value}
            onInput={(event) => {
              contact.value = event.currentTarget.value;
            }}
          />
        </span>
      </label>
      <div class="row">
        <button type="submit" class="btn pri sm">
          {t("save")}
        </button>
        <button type="button" class="btn quiet sm" onClick={onDone}>
          {t("cancel")}
        </button>
      </div>
    </form>
  );
}
