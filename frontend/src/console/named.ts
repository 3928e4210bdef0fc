/** The dialog that the page's address names, as the link in an alert does. */

import type { State } from "./state";
import type { Threads } from "./threads";

const NAME = /^#([0-9a-f]{32})$/;

interface Needs {
  readonly state: Pick<State, "wanted">;
  readonly threads: Pick<Threads, "open">;
}

/** Return the dialog's id after the `#`, if it is one. */
export function namedIn(hash: string): string | null {
  return NAME.exec(hash)?.[1] ?? null;
}

/** Open the named dialog now, and another when the address changes. */
export function openNamed({ state, threads }: Needs): void {
  const open = () => {
    const conv = namedIn(location.hash);
    if (conv) {
      state.wanted.value = conv;
      threads.open(conv);
    }
  };
  addEventListener("hashchange", open);
  open();
}
