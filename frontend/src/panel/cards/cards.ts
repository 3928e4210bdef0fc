/** The shop's answers about cards of one dialog, asked for together. */

import type { Cards, ProductCard } from "../../protocol";
import type { Chat } from "../chat";

type Listener = (card: ProductCard | null) => void;

const TOGETHER_MS = 20;
const MOST = 50;

/** The token that the shop's own forms need; it comes with every answer. */
export const csrf = { token: "" };

const waiting = new Map<number, Listener>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Ask for the card of an entry; cards that are drawn together are asked together. */
export function askCard(chat: Chat, seq: number, listener: Listener): void {
  waiting.set(seq, listener);
  timer ??= setTimeout(() => void askAll(chat), TOGETHER_MS);
}

async function askAll(chat: Chat): Promise<void> {
  timer = undefined;
  const asked = [...waiting].slice(0, MOST);
  for (const [seq] of asked) {
    waiting.delete(seq);
  }
  if (waiting.size > 0) {
    timer = setTimeout(() => void askAll(chat), TOGETHER_MS);
  }
  const seqs = asked.map(([seq]) => seq).join(",");
  const found = await chat
    .shop<Cards>(`products/?seqs=${seqs}`)
    .catch(() => ({ cards: [], token: "" }) as Cards);
  csrf.token = found.token || csrf.token;
  for (const [seq, listener] of asked) {
    listener(found.cards?.find((card) => card.seq === seq) ?? null);
  }
}
