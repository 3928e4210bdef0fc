/** Addresses in words that strangers wrote: found as pieces, never as markup. */

export interface LinkPiece {
  readonly text: string;
  /** Present when the piece is a link that may be followed. */
  readonly href?: string;
}

const SAFE = ["http:", "https:", "mailto:", "tel:"];
const FOUND =
  /\bhttps?:\/\/[^\s<>"']+|\b(?:mailto|tel):[^\s<>"']+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
const TRAILING = /[.,:;!?)\]}»”’]+$/u;

/** What every link out of the workspace carries. */
export const LINK_REL = "noopener noreferrer nofollow ugc";

/** Return the address when it is of a kind that is safe to follow, else null. */
export function safeHref(address: string): string | null {
  try {
    const url = new URL(address);
    return SAFE.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Return ``text`` in pieces, the addresses among them with what they lead to. */
export function linkPieces(text: string): LinkPiece[] {
  const pieces: LinkPiece[] = [];
  let done = 0;
  for (const match of text.matchAll(FOUND)) {
    const found = match[0].replace(TRAILING, "");
    const isBareMail = found.includes("@") && !/^[a-z]+:/i.test(found);
    const href = safeHref(isBareMail ? `mailto:${found}` : found);
    if (!href) {
      continue;
    }
    if (match.index > done) {
      pieces.push({ text: text.slice(done, match.index) });
    }
    pieces.push({ text: found, href });
    done = match.index + found.length;
  }
  if (done < text.length) {
    pieces.push({ text: text.slice(done) });
  }
  return pieces;
}
