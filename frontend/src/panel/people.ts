/** Who the operators of a dialog are: entries name them by id only. */

import type { Entry, OperatorCard } from "../protocol";
import type { State } from "./state";

export class People {
  private readonly asked = new Set<string>();

  constructor(private readonly state: Pick<State, "cards">) {}

  meet(operators: readonly OperatorCard[]): void {
    if (operators.length > 0) {
      const { cards } = this.state;
      const met = operators.map((card) => [card.id, card] as const);
      cards.value = new Map([...cards.value, ...met]);
    }
  }

  /** Tell whether somebody speaks whose card was never seen and never asked for. */
  findUnknown(entries: readonly Entry[]): boolean {
    let isAnyNew = false;
    for (const { by } of entries) {
      if (by && !this.state.cards.value.has(by) && !this.asked.has(by)) {
        this.asked.add(by);
        isAnyNew = true;
      }
    }
    return isAnyNew;
  }
}
