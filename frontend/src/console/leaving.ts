/** Closing the last tab of the workspace asks first when dialogs are open. */

import type { State } from "./state";

const PLACE = "chatdesk:tab:";
const NOTE_MS = 5_000;
/** Hidden tabs may note themselves only once a minute. */
const FRESH_MS = 75_000;

/** Let tabs know of each other, and warn before the last one goes. */
export function warnOnLeaving(state: Pick<State, "load" | "status">): void {
  const own = PLACE + crypto.randomUUID();
  const note = () => keep(() => localStorage.setItem(own, String(Date.now())));
  note();
  setInterval(note, NOTE_MS);
  addEventListener("pagehide", () => keep(() => localStorage.removeItem(own)));
  addEventListener("pageshow", note);
  addEventListener("beforeunload", (event) => {
    const isHere = state.status.peek() !== "offline";
    if (isHere && state.load.peek() > 0 && !hasOthers(own)) {
      event.preventDefault();
    }
  });
}

function hasOthers(own: string): boolean {
  try {
    return Object.keys(localStorage).some(
      (key) =>
        key.startsWith(PLACE) &&
        key !== own &&
        Date.now() - Number(localStorage.getItem(key)) < FRESH_MS,
    );
  } catch {
    return false;
  }
}

function keep(act: () => void): void {
  try {
    act();
  } catch {
    // A browser that refuses storage warns in every tab.
  }
}
