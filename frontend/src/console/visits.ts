/** Who is on the site now, and the visits behind dialogs: asked for while looked at. */

import { batch, computed, type Signal, signal } from "@preact/signals";
import type { Http } from "../core/http";
import type { LiveVisit, LiveVisits, VisitAnswer, VisitCard } from "../protocol";
import { withEntry } from "./state";

export type Filter = "all" | "cart" | "long" | "again" | "search" | "stuck";

export const LONG_MS = 120_000;
export const PAGE = 50;
/** A visit that is over is asked for less often. */
const CALM_TURNS = 5;

const STUCK = new Set([
  "declined",
  "form_error",
  "idle_cart",
  "sold_out",
  "found_nothing",
]);

/** The lines that each chip of the table keeps. */
export const FILTERS: Record<Filter, (line: LiveVisit, now: number) => boolean> = {
  all: () => true,
  cart: (line) => Boolean(line.cart),
  long: (line, now) => now - (line.page_at ?? now) > LONG_MS,
  again: (line) => Boolean(line.earlier) || Boolean(line.is_customer),
  search: (line) => line.source === "search",
  stuck: (line) => STUCK.has(line.event?.kind ?? ""),
};

export class Visits {
  readonly isOpen = signal(false);
  readonly filter = signal<Filter>("all");
  readonly limit = signal(PAGE);
  readonly chosen = signal<string | null>(null);
  readonly card = signal<VisitCard | null>(null);
  readonly hasFailed = signal(false);
  /** What the table shows; while it is pointed at, its lines stay where they are. */
  readonly shown = signal<LiveVisits | null>(null);
  readonly isHeld = signal(false);
  /** The visits of opened dialogs; null where none is known. */
  readonly ofDialogs = signal<ReadonlyMap<string, VisitCard | null>>(new Map());

  private readonly newest: Signal<LiveVisits | null> = signal(null);
  private isAsking = false;
  private turn = 0;

  /** How many lines came or went since the table was pointed at. */
  readonly kept = computed(() => {
    const [shown, newest] = [this.shown.value, this.newest.value];
    if (!shown || !newest || shown === newest) {
      return 0;
    }
    const before = new Set((shown.items ?? []).map((line) => line.id));
    const now = new Set((newest.items ?? []).map((line) => line.id));
    const came = [...now].filter((id) => !before.has(id));
    return came.length + [...before].filter((id) => !now.has(id)).length;
  });

  constructor(private readonly http: Http) {}

  /** Take the newest, whether or not the table is pointed at. */
  show(): void {
    this.shown.value = this.newest.peek();
  }

  hold(isHeld: boolean): void {
    this.isHeld.value = isHeld;
    if (!isHeld) {
      this.show();
    }
  }

  choose(id: string | null): void {
    batch(() => {
      this.chosen.value = id;
      this.card.value = null;
    });
    void this.askCard();
  }

  /** Once a second: ask for what somebody looks at, one question at a time. */
  async tick(conv: string | null): Promise<void> {
    if (this.isAsking || document.visibilityState === "hidden") {
      return;
    }
    this.isAsking = true;
    this.turn += 1;
    try {
      if (this.isOpen.peek()) {
        await Promise.all([this.askList(), this.askCard()]);
      } else if (conv) {
        await this.askDialog(conv);
      }
      this.hasFailed.value = false;
    } catch {
      this.hasFailed.value = true;
    } finally {
      this.isAsking = false;
    }
  }

  private async askList(): Promise<void> {
    const answer = await this.http.get<LiveVisits>("operator/visits/");
    batch(() => {
      const shown = this.shown.peek();
      this.newest.value = answer;
      this.shown.value = shown && this.isHeld.peek() ? inPlace(shown, answer) : answer;
    });
  }

  private async askCard(): Promise<void> {
    const id = this.chosen.peek();
    if (!id) {
      return;
    }
    const answer = await this.http
      .get<VisitAnswer>(`operator/visits/${id}/`)
      .catch(() => null);
    if (this.chosen.peek() === id && answer) {
      this.card.value = answer.visit ?? null;
    }
  }

  private async askDialog(conv: string): Promise<void> {
    const known = this.ofDialogs.peek().get(conv);
    if (known !== undefined && !known?.is_here && this.turn % CALM_TURNS) {
      return;
    }
    const path = `operator/conversations/${conv}/visit/`;
    const { visit = null } = await this.http.get<VisitAnswer>(path);
    const map = withEntry(this.ofDialogs.peek(), conv, visit);
    this.ofDialogs.value = visit ? map : new Map([...map, [conv, null]]);
  }
}

/** Return the lines where they were, each with what is new of it. */
export function inPlace(shown: LiveVisits, newest: LiveVisits): LiveVisits {
  const fresh = new Map((newest.items ?? []).map((line) => [line.id, line]));
  const items = (shown.items ?? []).map((line) => fresh.get(line.id) ?? line);
  return { ...newest, items };
}
