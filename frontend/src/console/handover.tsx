/** Handing a dialog over: to whom, with what note, or taking it over with a reason. */

import { useSignal } from "@preact/signals";
import type { Colleague } from "../protocol";
import { ColleagueLine } from "./colleague";
import { useDesk } from "./desk";
import { Popover } from "./popover";

const NOTE_LENGTH = 300;

export function Handover({ conv }: { conv: string }) {
  const { state, actions, t } = useDesk();
  const to = useSignal("");
  const note = useSignal("");
  const people = others(state.colleagues.value, state.me.id);
  const close = () => {
    state.handing.value = false;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (to.value && (await actions.offer(conv, to.value, note.value))) {
      close();
    }
  };
  return (
    <Popover class="cl ho" label={t("hand_to")} onClose={close}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="hand-over">{t("hand_to")}</h2>
        {people.length === 0 && <p class="mut">{t("no_colleagues")}</p>}
        <fieldset aria-labelledby="hand-over">
          {people.map((each) => {
            const hasPlace = each.state === "online" && each.load < each.capacity;
            return (
              <label key={each.id} class={hasPlace ? "r" : "r off"}>
                <input
                  type="radio"
                  name="colleague"
                  checked={to.value === each.id}
                  disabled={!hasPlace}
                  onChange={() => {
                    to.value = each.id;
                  }}
                />
                <ColleagueLine colleague={each} />
              </label>
            );
          })}
        </fieldset>
        <label class="fld">
          <span>{t("hand_note")}</span>
          <textarea
            rows={2}
            maxLength={NOTE_LENGTH}
            value={note.value}
            onInput={(event) => {
              note.value = event.currentTarget.value;
            }}
          />
        </label>
        <div class="foot">
          <button
            type="button"
            class="btn quiet sm"
            title={t("release_hint")}
            onClick={() => {
              close();
              void actions.release(conv);
            }}
          >
            {t("release")}
          </button>
          <span class="grow" />
          <button type="button" class="btn quiet sm" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="btn pri sm" disabled={!to.value}>
            {t("hand_ask")}
          </button>
        </div>
      </form>
    </Popover>
  );
}

/** What a manager says when he takes a colleague's dialog over. */
export function TakeOver({ conv }: { conv: string }) {
  const { state, actions, t } = useDesk();
  const reason = useSignal("");
  const close = () => {
    state.handing.value = false;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (reason.value.trim() && (await actions.takeOver(conv, reason.value.trim()))) {
      close();
    }
  };
  return (
    <Popover class="cl ho" label={t("take_over")} onClose={close}>
      <form onSubmit={(event) => void submit(event)}>
        <h2>{t("take_over")}</h2>
        <label class="fld">
          <span>{t("take_over_reason")}</span>
          <textarea
            rows={2}
            required
            maxLength={NOTE_LENGTH}
            value={reason.value}
            onInput={(event) => {
              reason.value = event.currentTarget.value;
            }}
          />
        </label>
        <div class="foot">
          <span class="grow" />
          <button type="button" class="btn quiet sm" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="btn pri sm">
            {t("take_over")}
          </button>
        </div>
      </form>
    </Popover>
  );
}

const PRESENCE: readonly string[] = ["online", "away", "offline"];

/** Return everybody but oneself: online ones first, the least loaded before others. */
export function others(
  team: ReadonlyMap<string, Colleague>,
  me: string,
): readonly Colleague[] {
  return [...team.values()]
    .filter((each) => each.id !== me)
    .sort(
      (left, right) =>
        PRESENCE.indexOf(left.state) - PRESENCE.indexOf(right.state) ||
        left.load - right.load ||
        left.name.localeCompare(right.name),
    );
}
