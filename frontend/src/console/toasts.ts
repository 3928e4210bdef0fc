/** Short words at the foot of the page: they go by themselves, refusals stay longer. */

import type { State, Toast } from "./state";

const TOLD_MS = 5_000;
const WARNED_MS = 10_000;
const MOST_SHOWN = 3;

export class Toasts {
  private latest = 0;

  constructor(private readonly state: Pick<State, "toasts">) {}

  /** Say that something was done, with a way back if there is one. */
  tell(text: string, undo?: () => void): void {
    this.add({ text, isBad: false, ...(undo ? { undo } : {}) }, TOLD_MS);
  }

  /** Say that something was refused or failed, or needs somebody: with where it is. */
  warn(text: string, show?: () => void): void {
    this.add({ text, isBad: true, ...(show ? { show } : {}) }, WARNED_MS);
  }

  drop(id: number): void {
    const { toasts } = this.state;
    toasts.value = toasts.peek().filter((toast) => toast.id !== id);
  }

  private add(toast: Omit<Toast, "id">, ms: number): void {
    const { toasts } = this.state;
    this.latest += 1;
    const id = this.latest;
    const others = toasts.peek().filter((each) => each.text !== toast.text);
    toasts.value = [...others, { ...toast, id }].slice(-MOST_SHOWN);
    setTimeout(() => this.drop(id), ms);
  }
}
