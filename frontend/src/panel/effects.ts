/** What follows from the panel's state outside of it: title, launcher, notes, clock. */

import { effect } from "@preact/signals";
import type { PanelHost } from "../launcher/host";
import { note, OPEN_DIALOG } from "../launcher/memory";
import type { Chat } from "./chat";
import { coverPage } from "./phone";
import type { State } from "./state";

const FULL_SCREEN = "(max-width: 519px), (max-height: 479px)";
/** Without a dialog there is no socket that tells when the shop opens or closes. */
const STATUS_MS = 8_000;

/** Begin to follow the state; for as long as the page lives. */
export function runEffects(state: State, host: PanelHost, chat: Chat): void {
  watchScreen(state, host);
  tellLauncher(state, host);
  countInTitle(state);
  keepTime(state);
  setInterval(() => {
    const isTold = state.link.value === "live" || !state.isOpen.value;
    if (!isTold && document.visibilityState === "visible") {
      void chat.refreshAvailability().catch(() => undefined);
    }
  }, STATUS_MS);
}

function watchScreen(state: State, host: PanelHost): void {
  const small = matchMedia(FULL_SCREEN);
  state.isPhone.value = small.matches;
  small.addEventListener("change", () => {
    state.isPhone.value = small.matches;
  });
  effect(() => {
    if (state.isOpen.value && state.isPhone.value) {
      return coverPage(host.root.host, () => host.minimise());
    }
    return undefined;
  });
}

function tellLauncher(state: State, host: PanelHost): void {
  effect(() => {
    const count = state.isOpen.value ? 0 : state.unread.value;
    host.tellUnread(count, state.operator.value);
  });
  effect(() => {
    const hasDialog = state.dialog.value !== null && !state.isEnded.value;
    if (state.isReady.value) {
      note("localStorage", OPEN_DIALOG, hasDialog);
    }
  });
}

/** "(2) Shop": only while nobody looks. */
function countInTitle(state: State): void {
  let shown = "";
  let own = document.title;
  const update = () => {
    if (document.title !== shown) {
      own = document.title;
    }
    const count = document.hidden ? state.unread.value : 0;
    shown = count > 0 ? `(${count}) ${own}` : own;
    if (document.title !== shown) {
      document.title = shown;
    }
  };
  effect(update);
  document.addEventListener("visibilitychange", update);
}

/** Tick while something is on its way, and when the page is looked at again. */
function keepTime(state: State): void {
  const tick = () => {
    state.now.value = Date.now();
  };
  addEventListener("focus", tick);
  document.addEventListener("visibilitychange", tick);
  effect(() => {
    const isBusy = state.intents.value.some((intent) => intent.state === "sending");
    const timer = setInterval(tick, isBusy ? 1_000 : 60_000);
    return () => clearInterval(timer);
  });
}
