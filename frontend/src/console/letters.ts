/** The letters: those that wait for an answer, and those that have one. */

import { batch, signal } from "@preact/signals";
import type { Http } from "../core/http";
import type { InboxRow, LetterLine, LettersPage } from "../protocol";

export type LetterFilter = "all" | "mine" | "late" | "answered";
export const LETTER_FILTERS: readonly LetterFilter[] = [
  "all",
  "mine",
  "late",
  "answered",
];

export class Letters {
  readonly open = signal<readonly LetterLine[] | null>(null);
  readonly answered = signal<readonly LetterLine[] | null>(null);
  readonly next = signal<number | null>(null);
  readonly filter = signal<LetterFilter>("all");
  readonly hasFailed = signal(false);

  constructor(private readonly http: Http) {}

  /** Fetch what waits, and the newest of what was answered. */
  async load(): Promise<void> {
    await this.ask(async () => {
      const [open, answered] = await Promise.all([
        this.http.get<LettersPage>("operator/letters/"),
        this.http.get<LettersPage>("operator/letters/?state=answered"),
      ]);
      batch(() => {
        this.open.value = open.rows;
        this.answered.value = answered.rows;
        this.next.value = answered.next ?? null;
      });
    });
  }

  /** Fetch the next page of the answered ones. */
  async loadMore(): Promise<void> {
    const before = this.next.peek();
    if (before === null) {
      return;
    }
    await this.ask(async () => {
      const path = `operator/letters/?state=answered&before=${before}`;
      const page = await this.http.get<LettersPage>(path);
      batch(() => {
        this.answered.value = [...(this.answered.peek() ?? []), ...page.rows];
        this.next.value = page.next ?? null;
      });
    });
  }

  /** Return the lines that the filter shows. */
  shown(me: string, now: number): readonly LetterLine[] {
    const filter = this.filter.value;
    return filter === "answered"
      ? (this.answered.value ?? [])
      : chosenLetters(this.open.value ?? [], filter, me, now);
  }

  private async ask(fetch: () => Promise<void>): Promise<void> {
    try {
      await fetch();
      this.hasFailed.value = false;
    } catch {
      this.hasFailed.value = true;
    }
  }
}

/** Return the open letters that a filter shows, the most urgent first. */
export function chosenLetters(
  lines: readonly LetterLine[],
  filter: LetterFilter,
  me: string,
  now: number,
): readonly LetterLine[] {
  switch (filter) {
    case "mine":
      return lines.filter((each) => each.owner === me);
    case "late":
      return lines.filter((each) => each.due_at <= now);
    default:
      return lines;
  }
}

/** Return what tells that another letter waits, or another one leads it. */
export function letterMark(rows: Iterable<InboxRow>): string {
  return [...rows]
    .filter((row) => row.letter_due_at)
    .map((row) => `${row.conv}${row.letter_due_at}${row.owner}`)
    .sort()
    .join();
}
