/** Canned replies: finding them after a slash, and filling in what they leave open. */

import type { CannedReply } from "../protocol";

/** What stands between a slash at the start of a line and the caret. */
export interface SlashQuery {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A piece of text; ``hit`` marks what was looked for. */
export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

export interface CannedVars {
  readonly name: string;
  readonly operator: string;
  /** What the shop says now, by name: ``{delivery}``. */
  readonly answers?: Readonly<Record<string, string>>;
}

const LONGEST_QUERY = 40;
const MOST_SHOWN = 6;

/** Return the query under the caret, or null when no line begins with a slash there. */
export function slashQuery(text: string, caret: number): SlashQuery | null {
  const from = text.lastIndexOf("\n", caret - 1) + 1;
  const line = text.slice(from, caret);
  if (!line.startsWith("/") || line.length > LONGEST_QUERY) {
    return null;
  }
  return { from, to: caret, text: line.slice(1) };
}

/**
 * Return the replies that fit, the best first: by the beginning of the shortcut, of the
 * title, of a word in it, then anywhere; the dialog's own language before others.
 */
export function matchCanned(
  replies: readonly CannedReply[],
  query: string,
  language = "",
): CannedReply[] {
  const wanted = fold(query.trim());
  return replies
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter((each) => each.rank !== null)
    .sort(
      (left, right) =>
        Number(isForeign(left.reply, language)) -
          Number(isForeign(right.reply, language)) ||
        (left.rank ?? 0) - (right.rank ?? 0) ||
        left.reply.shortcut.localeCompare(right.reply.shortcut),
    )
    .slice(0, MOST_SHOWN)
    .map((each) => each.reply);
}

/**
 * Return the text with its variables filled in. Without a name, the comma or space
 * that would have led to it goes too: "Hello, {name}!" becomes "Hello!".
 */
export function resolveCanned(text: string, vars: CannedVars): string {
  const named = vars.name
    ? text.replaceAll("{name}", () => vars.name)
    : text.replace(/^\{name\}[,\s]*/gm, "").replace(/,?[^\S\n]*\{name\}/g, "");
  const done = named
    .replaceAll("{operator}", () => vars.operator)
    .replace(/\{(\w+)\}/g, (whole, key: string) => vars.answers?.[key] ?? whole);
  return vars.name ? done : done.charAt(0).toLocaleUpperCase() + done.slice(1);
}

/** Return ``text`` in pieces, with the first place where ``query`` was found marked. */
export function highlight(text: string, query: string): Piece[] {
  const wanted = fold(query.trim());
  const at = wanted ? fold(text).indexOf(wanted) : -1;
  if (at < 0) {
    return [{ text, hit: false }];
  }
  const end = at + wanted.length;
  return [
    { text: text.slice(0, at), hit: false },
    { text: text.slice(at, end), hit: true },
    { text: text.slice(end), hit: false },
  ].filter((piece) => piece.text !== "");
}

/** Return ``text`` with the query replaced by a reply, and the caret behind it. */
export function insertCanned(
  text: string,
  query: SlashQuery,
  reply: string,
): { text: string; caret: number } {
  const head = text.slice(0, query.from) + reply;
  return { text: head + text.slice(query.to), caret: head.length };
}

function rankOf(reply: CannedReply, wanted: string): number | null {
  if (wanted === "") {
    return 0;
  }
  const shortcut = fold(reply.shortcut);
  const title = fold(reply.title);
  const tests = [
    shortcut.startsWith(wanted),
    title.startsWith(wanted),
    title.includes(` ${wanted}`),
    shortcut.includes(wanted) || title.includes(wanted),
    fold(reply.text).includes(wanted),
  ];
  const rank = tests.indexOf(true);
  return rank < 0 ? null : rank;
}

function isForeign(reply: CannedReply, language: string): boolean {
  const short = (tag: string) => tag.toLowerCase().split("-")[0];
  return Boolean(
    reply.language && language && short(reply.language) !== short(language),
  );
}

function fold(text: string): string {
  // One letter stays one letter, so that a place found here is a place in the text.
  return Array.from(text, (char) => {
    const lower = char.toLowerCase();
    return lower.length === char.length ? lower : char;
  }).join("");
}
