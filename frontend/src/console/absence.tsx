/** Beside the switch: why somebody is away and until when, and dialogs left behind. */

import { type Signal, useSignal } from "@preact/signals";
import { formatTime, serverNow } from "../core/clock";
import { type Desk, useDesk } from "./desk";
import { Icon } from "./icons";
import { Popover } from "./popover";
import { reasonWords } from "./reasons";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SPANS = [15, 30, 60] as const;

/** What the bar says of an absence; a press changes it. */
export function AbsenceButton() {
  const { state, lang, t } = useDesk();
  if (state.status.value !== "away") {
    return null;
  }
  const { reason, backAt } = state.absence.value;
  const words = reason ? reasonWords(reason, t) : t("away_why");
  const back = backAt ? t("back_short", { time: formatTime(backAt, lang) }) : "";
  return (
    <div class="bell">
      <button
        type="button"
        class="chip"
        aria-haspopup="dialog"
        aria-expanded={state.asking.value === "absence"}
        onClick={() => {
          state.asking.value = "absence";
        }}
      >
        {[words, back].filter(Boolean).join(", ")}
        <Icon name="down" size={14} />
      </button>
      {state.asking.value === "absence" && <AbsenceForm />}
    </div>
  );
}

function AbsenceForm() {
  const { state, actions, lang, t } = useDesk();
  const reason = useSignal(state.absence.peek().reason);
  const backAt = useSignal(state.absence.peek().backAt);
  const close = () => {
    state.asking.value = null;
  };
  const save = (event: Event) => {
    event.preventDefault();
    close();
    void actions.choosePresence("away", {
      reason: reason.value,
      backAt: backAt.value,
    });
  };
  return (
    <Popover class="menu absence" label={t("away_why")} onClose={close}>
      <form onSubmit={save}>
        <fieldset>
          <legend>{t("away_why")}</legend>
          {state.awayReasons.map((each) => (
            <label key={each} class="r">
              <input
                type="radio"
                name="reason"
                checked={reason.value === each}
                onChange={() => {
                  reason.value = each;
                }}
              />
              {reasonWords(each, t)}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{t("back_at")}</legend>
          <div class="spans">
            {SPANS.map((minutes) => (
              <button
                key={minutes}
                type="button"
                class="btn sec sm"
                onClick={() => {
                  backAt.value = serverNow() + minutes * MINUTE_MS;
                }}
              >
                {t("in_minutes", { n: minutes })}
              </button>
            ))}
          </div>
          <ClockField label={t("back_at")} lang={lang} value={backAt} />
        </fieldset>
        <button type="submit" class="btn pri sm">
          {t("save")}
        </button>
      </form>
    </Popover>
  );
}

interface ClockProps {
  label: string;
  lang: string;
  value: Signal<number | null>;
}

function ClockField({ label, value }: ClockProps) {
  return (
    <input
      type="time"
      class="field"
      aria-label={label}
      value={value.value ? clockOf(value.value) : ""}
      onInput={(event) => {
        value.value = momentOf(event.currentTarget.value);
      }}
    />
  );
}

/** Return the moment at which the clock next shows this time, null without one. */
export function momentOf(clock: string, now = serverNow()): number | null {
  const [hours, minutes] = clock.split(":").map(Number);
  if (hours === undefined || minutes === undefined || Number.isNaN(minutes)) {
    return null;
  }
  const at = new Date(now).setHours(hours, minutes, 0, 0);
  return at > now ? at : at + DAY_MS;
}

function clockOf(at: number): string {
  const moment = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** Ask what becomes of the dialogs of somebody who goes. */
export function HandOver() {
  const { state, actions, t } = useDesk();
  if (state.asking.value !== "offline") {
    return null;
  }
  const n = state.load.value;
  const close = () => {
    state.asking.value = null;
  };
  const go = (isHandedOver: boolean) => {
    close();
    void actions.goOffline(isHandedOver);
  };
  return (
    <Popover class="menu absence" label={t("hand_over_title", { n })} onClose={close}>
      <p class="hint b">{t("hand_over_title", { n })}</p>
      <p class="hint">{t("hand_over_hint")}</p>
      <button type="button" class="btn pri sm" onClick={() => go(true)}>
        {t("hand_over")}
      </button>
      <button type="button" class="btn sec sm" onClick={() => go(false)}>
        {t("keep_dialogs")}
      </button>
    </Popover>
  );
}

/** Choose a state as a person means it: who leads dialogs is asked before he goes. */
export function choose(desk: Pick<Desk, "state" | "actions">, status: string): void {
  const { state, actions } = desk;
  if (status === "offline" && state.load.peek() > 0) {
    state.asking.value = "offline";
    return;
  }
  void actions.choosePresence(status as "online" | "away" | "offline");
}
