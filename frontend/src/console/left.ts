/** Those who were left without an answer: told by the server, a page at a time. */

import { batch, computed, signal } from "@preact/signals";
import { type Http, HttpError } from "../core/http";
import type { InboxRow, LeftPage } from "../protocol";
import { mergeRows, type Rows } from "./inbox";
import type { State } from "./state";
import type { Toasts } from "./toasts";
import type { Words } from "./words";

interface Needs {
  state: Pick<State, "told" | "left">;
  http: Http;
  toasts: Toasts;
  t: Words;
}

export class Left {
  readonly hasCome = signal(false);
  readonly next = signal<string | null>(null);
  private readonly total = signal(0);

  /** How many there are: counted here once all have come, told before. */
  readonly number = computed(() => {
    const here = this.needs.state.left.value.length;
    return this.next.value === null ? here : Math.max(this.total.value, here);
  });

  constructor(private readonly needs: Needs) {}

  /** Fetch the latest ones; what colleagues have seen to meanwhile goes. */
  async refresh(): Promise<void> {
    await this.fetch("", (rows, page) => forgetSettled(rows, page));
  }

  async more(): Promise<void> {
    const next = this.next.peek();
    if (next !== null) {
      await this.fetch(`?before=${next}`, (rows) => rows);
    }
  }

  /** Say that somebody was written to by another way. */
  async finish(conv: string): Promise<void> {
    const { state, http, toasts, t } = this.needs;
    try {
      const path = `operator/conversations/${conv}/followed/`;
      const row = await http.post<InboxRow>(path, {});
      state.told.value = mergeRows(state.told.peek(), [row]);
      this.total.value -= 1;
      toasts.tell(t("followed_toast"));
    } catch (error) {
      this.sayFailure(error);
    }
  }

  private async fetch(
    query: string,
    prepare: (rows: Rows, page: LeftPage) => Rows,
  ): Promise<void> {
    const { state, http } = this.needs;
    try {
      const page = await http.get<LeftPage>(`operator/left/${query}`);
      batch(() => {
        state.told.value = mergeRows(prepare(state.told.peek(), page), page.rows);
        this.next.value = page.next ?? null;
        this.total.value = page.total ?? 0;
        this.hasCome.value = true;
      });
    } catch (error) {
      this.sayFailure(error);
    }
  }

  private sayFailure(error: unknown): void {
    const { toasts, t } = this.needs;
    const { code = "", message = "" } = error instanceof HttpError ? error : {};
    toasts.warn(code === "network" ? t("err_network") : message || t("err_other"));
  }
}

/** Return the rows without the mark of those that a fresh first page leaves out. */
function forgetSettled(rows: Rows, page: LeftPage): Rows {
  const named = new Set(page.rows.map((row) => row.conv));
  const oldest = page.next ? (page.rows.at(-1)?.left_at ?? 0) : 0;
  const kept = new Map(rows);
  for (const [conv, row] of rows) {
    if (row.left_at && row.left_at >= oldest && !named.has(conv)) {
      kept.set(conv, { ...row, left_at: null });
    }
  }
  return kept;
}
