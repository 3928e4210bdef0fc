/** Places in the panel for what arrives later. */

import { usePanel } from "./context";

/** The copy by e-mail; nothing until its script is there. */
export function CopyCard() {
  const letter = usePanel().chunks.use("letter");
  return letter ? <letter.CopyCard /> : null;
}
