/**
 * Whose words this browser keeps.
 *
 * After a logout on a shared computer, what the former person had typed and not sent
 * is not the next one's to read, and nothing that the next one says.
 */

import type { Shelf } from "../core/storage";
import type { VisitorSession } from "../protocol";

const OWNER = "owner";
/** Somebody who has begun a dialog and whose number is not known yet. */
const SOMEBODY = "?";

export class Owner {
  /** A tab remembers for itself: another may have met the next person already. */
  constructor(
    private readonly tab: Shelf,
    private readonly browser: Shelf,
  ) {}

  /** Somebody begins a dialog: from now on what is kept is his. */
  begins(epoch: string): void {
    const known = this.read();
    if (known.epoch !== epoch || known.visitor === "") {
      this.write(`${epoch}:${SOMEBODY}`);
    }
  }

  /** Note who is here, and return whether somebody else was here before. */
  isNew({ visitor, epoch }: Pick<VisitorSession, "visitor" | "epoch">): boolean {
    const known = this.read();
    // Who only looks leaves no trace.
    this.write(visitor && `${epoch}:${visitor}`);
    // After a restored backup the server knows nobody of those whose words are here.
    if (known.visitor === "" || known.epoch !== epoch) {
      return false;
    }
    return known.visitor === SOMEBODY ? visitor === "" : visitor !== known.visitor;
  }

  private read(): { epoch: string; visitor: string } {
    const kept = this.tab.get(OWNER) ?? this.browser.get(OWNER) ?? "";
    const [epoch = "", visitor = ""] = kept.split(":");
    return { epoch, visitor };
  }

  private write(text: string): void {
    for (const shelf of [this.tab, this.browser]) {
      if (text) {
        shelf.set(OWNER, text);
      } else {
        shelf.remove(OWNER);
      }
    }
  }
}
