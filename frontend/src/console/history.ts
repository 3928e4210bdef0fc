/** On a phone, the system's Back goes up: from the visitor to the dialog to the list. */

import { effect } from "@preact/signals";
import { isNarrow } from "./narrow";
import type { State, View } from "./state";

const DEPTHS: Record<View, number> = { list: 0, chat: 1, visitor: 2 };

export function tieToHistory(state: Pick<State, "view">): void {
  let depth = 0;
  effect(() => {
    const wanted = DEPTHS[state.view.value];
    if (!isNarrow() || wanted === depth) {
      return;
    }
    if (wanted > depth) {
      history.pushState({ view: state.view.value }, "");
    } else {
      history.go(wanted - depth);
    }
    depth = wanted;
  });
  addEventListener("popstate", (event) => {
    const view = ((event.state as { view?: View } | null)?.view ?? "list") as View;
    depth = DEPTHS[view];
    state.view.value = view;
  });
}
