/** How long a dialog goes on, and a quiet word when its visitor has fallen silent. */

import { useComputed } from "@preact/signals";
import type { Entry, InboxRow } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { isIdle } from "./inbox";

const MINUTE_MS = 60_000;
const BEGINNINGS = new Set(["taken", "reopened"]);

/** Return since when somebody leads the dialog, null where the log does not show it. */
export function ledSince(entries: readonly Entry[]): number | null {
  return entries.filter(({ kind }) => BEGINNINGS.has(kind)).at(-1)?.at ?? null;
}

/** The minutes for which the dialog has been led. */
export function DialogTimer() {
  const { state, t } = useDesk();
  const minutes = useComputed(() => {
    const since = ledSince(state.copy.value?.entries ?? []);
    return since && Math.floor((state.now.value - since) / MINUTE_MS);
  });
  const n = minutes.value;
  return n ? (
    <span class="lasts num" title={t("lasts", { n })}>
      <Icon name="clock" size={14} />
      <span aria-hidden="true">{t("minutes", { n })}</span>
      <span class="vh">{t("lasts", { n })}</span>
    </span>
  ) : null;
}

/** Tell whether the question that waits was met with the holding text already. */
export function isHeldOff(entries: readonly Entry[], since: number): boolean {
  return entries.some(
    ({ kind, data, at }) =>
      kind === "auto" && /^(red|hold)$/.test(String(data?.step)) && at >= since,
  );
}

/**
 * One press that asks who waits for patience; gone once it was said. A phone, which has
 * no room for more, shows its icon alone.
 */
export function HoldButton({ row }: { row: InboxRow }) {
  const { state, actions, t } = useDesk();
  const since = row.waiting_since;
  if (!since || isHeldOff(state.copy.value?.entries ?? [], since)) {
    return null;
  }
  return (
    <button
      type="button"
      class="btn quiet sm hold"
      aria-label={t("hold")}
      title={t("hold_hint")}
      onClick={() => void actions.hold(row.conv)}
    >
      <span class="only-m">
        <Icon name="clock" />
      </span>
      <span class="hide-m">{t("hold")}</span>
    </button>
  );
}

/** Who is silent for long has perhaps all he came for: proposes to close the dialog. */
export function SilentBar({ row }: { row: InboxRow }) {
  const { state, t } = useDesk();
  // Looked at once a minute: what is said changes no sooner.
  void useComputed(() => Math.floor(state.now.value / MINUTE_MS)).value;
  const now = state.now.peek();
  if (!isIdle(row, now, state.limits) || row.letter_due_at || row.offered_to) {
    return null;
  }
  const n = Math.floor((now - (row.heard_at ?? row.preview_at ?? now)) / MINUTE_MS);
  return (
    <div class="notmine">
      <span class="grow">{t("silent", { n })}</span>
      <button
        type="button"
        class="btn quiet sm"
        aria-haspopup="dialog"
        onClick={() => {
          state.closing.value = true;
        }}
      >
        {t("close")}
      </button>
    </div>
  );
}
