/** Opening dialogs: their log, what is known of the visitor, and earlier pages. */

import { batch } from "@preact/signals";
import type { Http } from "../core/http";
import type { ConversationState } from "../core/store";
import type { Sync } from "../core/sync";
import type { Entry, Thread } from "../protocol";
import { mergeRows } from "./inbox";
import { copyOf, dossierOf, type Older, type State, withEntry } from "./state";

interface Page {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Entry[];
}

/** Copies kept beside those in use; a socket may follow only so many. */
const MOST_KEPT = 30;

export class Threads {
  private readonly underWay = new Set<string>();
  private readonly paging = new Set<string>();

  constructor(
    private readonly state: State,
    private readonly http: Http,
    private readonly sync: Pick<Sync, "follow" | "unfollow" | "get">,
  ) {}

  /** Show a dialog; what is already here shows at once, and is made fresh. */
  open(conv: string): void {
    const { state } = this;
    batch(() => {
      state.selected.value = conv;
      state.view.value = "chat";
      state.closing.value = false;
      state.isDrawerOpen.value = false;
    });
    void this.refresh(conv);
  }

  /** Follow a dialog that may be opened soon, unless it is followed already. */
  prepare(conv: string): void {
    const { state } = this;
    if (!this.sync.get(conv) && !state.failed.peek().has(conv)) {
      void this.refresh(conv);
    }
  }

  /** Fetch a dialog anew; its log is followed from where the answer ends. */
  async refresh(conv: string): Promise<void> {
    if (this.underWay.has(conv)) {
      return;
    }
    this.underWay.add(conv);
    try {
      const thread = await this.http.get<Thread>(`operator/conversations/${conv}/`);
      this.keep(thread);
    } catch {
      this.fail(conv, true);
    } finally {
      this.underWay.delete(conv);
    }
  }

  /** Fetch the page before the first entry on the screen. */
  async loadOlder(conv: string): Promise<void> {
    const first = this.firstShown(conv);
    if (first <= 1 || this.paging.has(conv)) {
      return;
    }
    this.paging.add(conv);
    const path = `operator/conversations/${conv}/entries/?before=${first}`;
    try {
      const page = await this.http.get<Page>(path);
      this.putOlder(conv, first, page);
    } catch {
      // The next scroll to the top asks again.
    } finally {
      this.paging.delete(conv);
    }
  }

  private keep(thread: Thread): void {
    const { state } = this;
    const { conv } = thread.conversation;
    batch(() => {
      state.told.value = mergeRows(state.told.peek(), [thread.conversation]);
      state.dossiers.value = withEntry(state.dossiers.peek(), conv, dossierOf(thread));
      this.fail(conv, false);
    });
    this.sync.follow(conv, copyOf(thread));
    this.prune();
  }

  private fail(conv: string, hasFailed: boolean): void {
    const failed = new Set(this.state.failed.peek());
    if (hasFailed && !this.sync.get(conv)) {
      failed.add(conv);
    } else {
      failed.delete(conv);
    }
    this.state.failed.value = failed;
  }

  private firstShown(conv: string): number {
    const copy = this.state.copies.peek().get(conv);
    const older = this.state.older.peek().get(conv);
    return copy ? joinOlder(copy, older).from : 0;
  }

  private putOlder(conv: string, first: number, page: Page): void {
    const { state } = this;
    if (this.firstShown(conv) !== first || page.from >= first) {
      return;
    }
    const copyFrom = state.copies.peek().get(conv)?.from ?? 1;
    const known = state.older.peek().get(conv);
    const kept = known && known.to + 1 === copyFrom ? known.entries : [];
    const entries = [...page.items, ...kept];
    const older = { from: page.from, to: copyFrom - 1, entries };
    state.older.value = withEntry(state.older.peek(), conv, older);
  }

  private prune(): void {
    const { state } = this;
    const inUse = new Set(state.mine.peek().map((row) => row.conv));
    const spare = [...state.copies.peek().keys()].filter(
      (conv) => conv !== state.selected.peek() && !inUse.has(conv),
    );
    for (const conv of spare.slice(0, Math.max(0, spare.length - MOST_KEPT))) {
      this.sync.unfollow(conv);
      state.copies.value = withEntry(state.copies.peek(), conv, null);
      state.older.value = withEntry(state.older.peek(), conv, null);
      state.dossiers.value = withEntry(state.dossiers.peek(), conv, null);
    }
  }
}

/** Return the entries on the screen; pages that do not meet the copy are left out. */
export function joinOlder(
  copy: ConversationState,
  older: Older | undefined,
): { from: number; entries: readonly Entry[] } {
  if (!older || older.to + 1 !== copy.from) {
    return { from: copy.from, entries: copy.entries };
  }
  return { from: older.from, entries: [...older.entries, ...copy.entries] };
}
