/** Finds addresses in plain text. Nothing here ever becomes markup. */

/** A piece of a text; a link when it has an address. */
export interface Piece {
  text: string;
  href?: string;
}

// Each alternative is linear: no nested repetition that a hostile text could exploit.
const CANDIDATE =
  /https?:\/\/[^\s<>"]+|www\.[^\s<>"]+|(?:mailto|tel):[^\s<>"]+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/gi;
const SCHEMES = ["http:", "https:", "mailto:", "tel:"];
const CLOSING: Record<string, string> = { ")": "(", "]": "[", "}": "{", "»": "«" };

/** Return the text in pieces that, joined, are the text again. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const found = trim(match[0]);
    const href = addressOf(found);
    if (href && match.index >= end) {
      if (match.index > end) {
        pieces.push({ text: text.slice(end, match.index) });
      }
      pieces.push({ text: found, href });
      end = match.index + found.length;
    }
  }
  if (end < text.length || pieces.length === 0) {
    pieces.push({ text: text.slice(end) });
  }
  return pieces;
}

/** Leave out the sentence's own punctuation, and a bracket that opened before. */
function trim(found: string): string {
  let text = found;
  for (;;) {
    const last = text.slice(-1);
    const opening = CLOSING[last];
    const isStray = opening !== undefined && !text.includes(opening);
    if (!isStray && !/[.,;:!?'…]/.test(last)) {
      return text;
    }
    text = text.slice(0, -1);
  }
}

function addressOf(text: string): string | undefined {
  try {
    const url = new URL(withScheme(text));
    return SCHEMES.includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function withScheme(text: string): string {
  if (/^(https?:\/\/|mailto:|tel:)/i.test(text)) {
    return text;
  }
  return text.includes("@") && !/^www\./i.test(text)
    ? `mailto:${text}`
    : `https://${text}`;
}
