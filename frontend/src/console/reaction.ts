/** The reaction timer: how long a visitor waits, and what that asks of the staff. */

import type { InboxRow } from "../protocol";

export type Level = "ok" | "warn" | "bad";

/**
 * In seconds: a reply before ``goal`` is good, one after ``limit`` is late; a visitor
 * who is silent for ``quiet`` gives his operator's place free.
 */
export interface Limits {
  readonly goal: number;
  readonly limit: number;
  readonly quiet: number;
}

/** What was last said about one question; another ``since`` is another question. */
export interface Seen {
  readonly since: number;
  readonly level: Level;
}

/** A question that came or crossed a limit since the last look. */
export interface Step {
  readonly row: InboxRow;
  readonly level: Level;
}

const RANK: Record<Level, number> = { ok: 0, warn: 1, bad: 2 };

/** Return whole seconds since ``since``, never below zero. */
export function waitedSeconds(since: number, now: number): number {
  return Math.max(0, Math.floor((now - since) / 1000));
}

export function levelOf(seconds: number, limits: Limits): Level {
  if (seconds >= limits.limit) {
    return "bad";
  }
  return seconds >= limits.goal ? "warn" : "ok";
}

/** Return the level of a row, or null when nobody waits there. */
export function rowLevel(row: InboxRow, now: number, limits: Limits): Level | null {
  return row.waiting_since
    ? levelOf(waitedSeconds(row.waiting_since, now), limits)
    : null;
}

/** Return how much of the ring is filled: all of it at the limit. */
export function ringShare(seconds: number, limits: Limits): number {
  return Math.min(1, seconds / limits.limit);
}

/** Order by urgency: red, amber, green, nobody waiting. */
export function urgency(level: Level | null): number {
  return level === null ? -1 : RANK[level];
}

/**
 * Look at the waiting rows once more. Each question gives at most three steps, one a
 * level, however often this is called; a level that was slept through is not made up.
 */
export function look(
  before: ReadonlyMap<string, Seen>,
  rows: readonly InboxRow[],
  now: number,
  limits: Limits,
): { seen: Map<string, Seen>; steps: Step[] } {
  const seen = new Map<string, Seen>();
  const steps: Step[] = [];
  for (const row of rows) {
    const since = row.waiting_since;
    const level = rowLevel(row, now, limits);
    if (!since || level === null) {
      continue;
    }
    const known = before.get(row.conv);
    if (known?.since !== since || RANK[known.level] < RANK[level]) {
      steps.push({ row, level });
    }
    seen.set(row.conv, { since, level });
  }
  return { seen, steps };
}
