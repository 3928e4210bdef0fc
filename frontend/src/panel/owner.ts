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

/** Somebody begins a dialog: from now on what is kept is his. */
export function noteBeginning(shelf: Shelf, epoch: string): void {
  const known = read(shelf);
  if (known.epoch !== epoch || known.visitor === "") {
    shelf.set(OWNER, `${epoch}:${SOMEBODY}`);
  }
}

/** Note who is here, and return whether somebody else was here before. */
export function hasNewOwner(
  shelf: Shelf,
  { visitor, epoch }: Pick<VisitorSession, "visitor" | "epoch">,
): boolean {
  const known = read(shelf);
  if (visitor) {
    shelf.set(OWNER, `${epoch}:${visitor}`);
  } else {
    // Who only looks leaves no trace.
    shelf.remove(OWNER);
  }
  // After a restored backup the server does not know those whose words are kept here.
  if (known.visitor === "" || known.epoch !== epoch) {
    return false;
  }
  return known.visitor === SOMEBODY ? visitor === "" : visitor !== known.visitor;
}

function read(shelf: Shelf): { epoch: string; visitor: string } {
  const [epoch = "", visitor = ""] = (shelf.get(OWNER) ?? "").split(":");
  return { epoch, visitor };
}
