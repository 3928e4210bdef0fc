/** What is being typed: kept over a reload, shown to staff who are there if allowed. */

import { computed, effect } from "@preact/signals";
import { createShelf } from "../core/storage";
import type { Chat } from "./chat";
import type { State } from "./state";
import { createWhisperer } from "./typing";

const DRAFT = "draft";
const PEEK = "peek";

/** Bring back what was typed and chosen before; return how the composer types. */
export function keepDraft(
  state: State,
  chat: Chat,
  isPeekOffered: boolean,
): (text: string) => void {
  // A draft belongs to the tab in which it is typed, a choice to the browser.
  const tab = createShelf(() => sessionStorage);
  const browser = createShelf(() => localStorage);
  const keep = (name: string, text: string) => {
    if (text) {
      tab.set(name, text);
    } else {
      tab.remove(name);
    }
  };
  state.draft.value = tab.get(DRAFT) ?? "";
  for (const name of ["contact", "given"] as const) {
    state[name].value = tab.get(name) ?? "";
    effect(() => keep(name, state[name].value));
  }
  state.isPeekOn.value = browser.get(PEEK) !== "0";

  const isShown = computed(
    () => isPeekOffered && state.isPeekOn.value && state.isThere.value,
  );
  const whisperer = createWhisperer(
    (kind, text) => chat.whisper(kind, text),
    () => isShown.value,
  );
  let wasOn = state.isPeekOn.value;
  effect(() => {
    const isOn = state.isPeekOn.value;
    if (isOn !== wasOn) {
      wasOn = isOn;
      browser.set(PEEK, isOn ? "1" : "0");
    }
  });
  let wasShown = false;
  effect(() => {
    if (wasShown && !isShown.value) {
      whisperer.forget();
      chat.whisper("draft", "");
    }
    wasShown = isShown.value;
  });

  return (text) => {
    state.draft.value = text;
    keep(DRAFT, text);
    whisperer.typed(text);
  };
}
