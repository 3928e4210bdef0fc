/** The list of dialogs: merging rows that arrive, and the order in which they show. */

import type { InboxRow } from "../protocol";
import { type Limits, rowLevel, urgency } from "./reaction";

export type Rows = ReadonlyMap<string, InboxRow>;
export type Tab = "mine" | "team" | "letters" | "closed";

export function isClosed(row: InboxRow): boolean {
  return row.status === "closed";
}

/** Tell whether the row waits for whoever takes it. */
export function isForAnyone(row: InboxRow): boolean {
  return !isClosed(row) && !row.owner;
}

export function isMine(row: InboxRow, me: string): boolean {
  return !isClosed(row) && row.owner === me;
}

/** Tell whether the visitor is silent for so long that the place is free again. */
export function isIdle(row: InboxRow, now: number, limits: Limits): boolean {
  const heard = row.heard_at ?? row.preview_at ?? 0;
  return !row.waiting_since && now - heard >= limits.quiet * 1_000;
}

/** Tell whether a dialog counts among those its operator can lead at once. */
export function holdsPlace(row: InboxRow, now: number, limits: Limits): boolean {
  return !row.heard_at || !isIdle(row, now, limits);
}

/** Return what colleagues ask this operator to take over. */
export function offeredRows(rows: Rows, me: string): InboxRow[] {
  return [...rows.values()].filter((row) => !isClosed(row) && row.offered_to === me);
}

/** Return those who went, or still wait, without an answer: to be written to. */
export function leftRows(rows: Rows): InboxRow[] {
  return [...rows.values()]
    .filter((row) => row.left_at)
    .sort((left, right) => (right.left_at ?? 0) - (left.left_at ?? 0));
}

/**
 * Return the rows after some arrived. An older version of a row never replaces a newer
 * one. A whole list also removes the open dialogs that it does not name.
 */
export function mergeRows(rows: Rows, fresh: readonly InboxRow[], whole = false): Rows {
  const merged = new Map<string, InboxRow>();
  const named = new Set(fresh.map((row) => row.conv));
  for (const [conv, row] of rows) {
    if (!whole || named.has(conv) || isClosed(row)) {
      merged.set(conv, row);
    }
  }
  for (const row of fresh) {
    const known = merged.get(row.conv);
    if (!known || row.head >= known.head) {
      merged.set(row.conv, row);
    }
  }
  return merged;
}

/** Return those who wait for anyone: the longest waiting first, the answered last. */
export function waitingRows(rows: Rows): InboxRow[] {
  return [...rows.values()].filter(isForAnyone).sort(byLine);
}

/** Return the operator's own: red, amber, green, then by the latest words. */
export function myRows(
  rows: Rows,
  me: string,
  now: number,
  limits: Limits,
): InboxRow[] {
  const mine = [...rows.values()].filter((row) => isMine(row, me));
  return sortByUrgency(mine, now, limits);
}

/** Return what colleagues lead, in the same order. */
export function teamRows(
  rows: Rows,
  me: string,
  now: number,
  limits: Limits,
): InboxRow[] {
  const others = [...rows.values()].filter(
    (row) => !isClosed(row) && row.owner && row.owner !== me,
  );
  return sortByUrgency(others, now, limits);
}

/** Return the ended ones, the latest first. */
export function closedRows(rows: Rows): InboxRow[] {
  return [...rows.values()]
    .filter(isClosed)
    .sort((left, right) => (right.closed_at ?? 0) - (left.closed_at ?? 0));
}

/** Return the row to go to from ``conv``: ``step`` further down, or the first. */
export function neighbour<Row extends Pick<InboxRow, "conv">>(
  rows: readonly Row[],
  conv: string | null,
  step: 1 | -1,
): Row | undefined {
  const index = rows.findIndex((row) => row.conv === conv);
  if (index < 0) {
    return rows[0];
  }
  return rows[Math.min(rows.length - 1, Math.max(0, index + step))];
}

function sortByUrgency(rows: InboxRow[], now: number, limits: Limits): InboxRow[] {
  const rank = (row: InboxRow) => urgency(rowLevel(row, now, limits));
  return rows.sort((left, right) => {
    const difference = rank(right) - rank(left);
    if (difference !== 0) {
      return difference;
    }
    return byWaiting(left, right);
  });
}

/** The order in which they are to be taken: priorities included. */
function byLine(left: InboxRow, right: InboxRow): number {
  const since = (row: InboxRow) =>
    row.waiting_since ? (row.line_at ?? row.waiting_since) : Number.MAX_SAFE_INTEGER;
  return since(left) - since(right) || byWaiting(left, right);
}

function byWaiting(left: InboxRow, right: InboxRow): number {
  const since = (row: InboxRow) => row.waiting_since ?? Number.MAX_SAFE_INTEGER;
  return since(left) - since(right) || (right.preview_at ?? 0) - (left.preview_at ?? 0);
}
