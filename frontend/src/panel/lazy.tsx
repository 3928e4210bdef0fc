/** Places in the panel for what arrives later. */

import type { VNode } from "preact";
import type { Entry } from "../protocol";
import { usePanel } from "./context";

/** The thread as a letter; until its script is there, what it says in short. */
export function LetterCard({ fallback }: { fallback: VNode }) {
  const letter = usePanel().chunks.use("letter");
  return letter ? <letter.LetterCard /> : fallback;
}

/** When the shop is there again; nothing until its script is there. */
export function HoursCard() {
  const letter = usePanel().chunks.use("letter");
  return letter ? <letter.HoursCard /> : null;
}

/** Where else to answer who waits; nothing until its script is there. */
export function ContactAsk({ isAlone }: { isAlone: boolean }) {
  const letter = usePanel().chunks.use("letter");
  return letter ? <letter.ContactAsk isAlone={isAlone} /> : null;
}

/** The copy by e-mail; nothing until its script is there. */
export function CopyCard() {
  const letter = usePanel().chunks.use("letter");
  return letter ? <letter.CopyCard /> : null;
}

/** A line about the shop; its mere words until its script is there. */
export function ShopLine({ entry, time }: { entry: Entry; time: string }) {
  const cards = usePanel().chunks.use("cards");
  return cards ? (
    <cards.ShopLine entry={entry} time={time} />
  ) : (
    <li class="sys">{entry.text}</li>
  );
}
