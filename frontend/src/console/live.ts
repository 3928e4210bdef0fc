/** Rows made fresh from the logs that are followed: those are here before the list. */

import type { ConversationState } from "../core/store";
import type { Entry, InboxRow } from "../protocol";
import { isClosed, type Rows } from "./inbox";

/** Return the rows, each with what its followed log says beyond it. */
export function freshRows(
  rows: Rows,
  copies: ReadonlyMap<string, ConversationState>,
): Rows {
  const fresh = new Map(rows);
  for (const [conv, copy] of copies) {
    const row = rows.get(conv);
    if (row) {
      fresh.set(conv, freshen(row, copy));
    }
  }
  return fresh;
}

/**
 * Return a row with the words, the clock and the unread of a log that is ahead of it.
 * The clock starts with the first question after a reply and stops with a reply.
 */
export function freshen(row: InboxRow, copy: ConversationState): InboxRow {
  const unread = Math.min(row.unread ?? 0, unreadIn(copy));
  const news = copy.entries.filter(
    (entry) => entry.seq > row.head && entry.kind === "message",
  );
  const last = news.at(-1);
  if (isClosed(row) || !last) {
    return unread === (row.unread ?? 0) ? row : { ...row, unread };
  }
  return {
    ...row,
    preview: last.text ?? "",
    preview_author: last.author,
    preview_at: last.at,
    waiting_since: waitingSince(row, news),
    heard_at: heardAt(row, news),
    unread: unreadIn(copy),
  };
}

function heardAt(row: InboxRow, news: readonly Entry[]): number | null {
  const said = news.filter((entry) => entry.author === "visitor").at(-1);
  return said?.at ?? row.heard_at ?? null;
}

function waitingSince(row: InboxRow, news: readonly Entry[]): number | null {
  let since = row.waiting_since ?? null;
  for (const entry of news) {
    since = entry.author === "operator" ? null : (since ?? entry.at);
  }
  return since;
}

function unreadIn(copy: ConversationState): number {
  const { operator_read } = copy.marks;
  return copy.entries.filter(
    (entry) =>
      entry.kind === "message" &&
      entry.author === "visitor" &&
      entry.seq > operator_read,
  ).length;
}
