/** How a dialog ended: an answer is required before it closes. */

import { useSignal } from "@preact/signals";
import type { Outcome } from "./actions";
import { useDesk } from "./desk";
import { Popover } from "./popover";

const OUTCOMES: readonly Outcome[] = [
  "sale",
  "answered",
  "will_return",
  "complaint",
  "not_customer",
];

export function CloseForm({ conv }: { conv: string }) {
  const { state, actions, t } = useDesk();
  const outcome = useSignal<Outcome | null>(null);
  const isMissing = useSignal(false);
  const cancel = () => {
    state.closing.value = false;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    isMissing.value = outcome.value === null;
    if (outcome.value && (await actions.close(conv, outcome.value))) {
      // The button that opened this form is gone with the dialog.
      document.querySelector<HTMLElement>(".p-conv")?.focus();
    }
  };
  return (
    <Popover class="cl" label={t("how_ended")} onClose={cancel}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="how-ended">{t("how_ended")}</h2>
        <fieldset aria-labelledby="how-ended">
          {OUTCOMES.map((each) => (
            <label key={each} class="r">
              <input
                type="radio"
                name="outcome"
                checked={outcome.value === each}
                onChange={() => {
                  outcome.value = each;
                  isMissing.value = false;
                }}
              />
              {t(`outcome_${each}`)}
            </label>
          ))}
        </fieldset>
        <div role="alert">
          {isMissing.value && <p class="err">{t("outcome_missing")}</p>}
        </div>
        <div class="foot">
          <button
            type="button"
            class="btn quiet sm only-m"
            onClick={() => {
              cancel();
              void actions.release(conv);
            }}
          >
            {t("release_hint")}
          </button>
          <button type="button" class="btn quiet sm" onClick={cancel}>
            {t("cancel")}
          </button>
          <button type="submit" class="btn pri sm">
            {t("close_ask")}
          </button>
        </div>
      </form>
    </Popover>
  );
}
