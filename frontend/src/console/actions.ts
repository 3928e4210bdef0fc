/** What an operator does to dialogs and to himself, with what is said when it fails. */

import { batch } from "@preact/signals";
import { type Http, HttpError } from "../core/http";
import type {
  InboxRow,
  OperatorSession,
  PostClose,
  Regulation,
  VisitorCard,
} from "../protocol";
import { mergeRows } from "./inbox";
import { inline } from "./people";
import { type Absence, type State, type Status, withEntry } from "./state";
import type { Threads } from "./threads";
import type { Toasts } from "./toasts";
import type { Words } from "./words";

export type Outcome = Exclude<NonNullable<PostClose["outcome"]>, "">;

interface Needs {
  state: State;
  http: Http;
  threads: Threads;
  toasts: Toasts;
  t: Words;
}

interface Page {
  rows: InboxRow[];
  next?: number | null;
}

const HERE: Absence = { reason: "", backAt: null };
const DAY_PACE_MS = 15_000;

export class Actions {
  private dayAt = 0;
  private readonly busy = new Set<string>();

  constructor(private readonly needs: Needs) {}

  /** Make a dialog the operator's own and show it. */
  async take(conv: string): Promise<void> {
    const { state, threads } = this.needs;
    if (state.load.peek() >= state.capacity.peek()) {
      this.sayFull();
      return;
    }
    await this.act(conv, "take", undefined, () => {
      state.tab.value = "mine";
      state.wanted.value = conv;
      threads.open(conv);
    });
  }

  /** Take the one who has waited longest, if anybody waits. */
  async takeNext(): Promise<void> {
    const first = this.needs.state.waiting.peek()[0];
    if (first) {
      await this.take(first.conv);
    }
  }

  /** Ask a colleague to lead the dialog; tell whether he was asked. */
  async offer(conv: string, to: string, note: string): Promise<boolean> {
    const { state, toasts, t } = this.needs;
    const name = state.colleagues.peek().get(to)?.name ?? "";
    return this.act(conv, "offer", { to, note }, () =>
      toasts.tell(t("offered_toast", { name: inline(name) })),
    );
  }

  /** Take over what a colleague asks for, and show it. */
  async accept(conv: string): Promise<void> {
    const { state, threads } = this.needs;
    await this.act(conv, "offer/accept", undefined, () => {
      state.wanted.value = conv;
      threads.open(conv);
    });
  }

  /** Refuse what a colleague asks for, or take one's own offer back. */
  async decline(conv: string): Promise<void> {
    await this.act(conv, "offer/decline", undefined, () => undefined);
  }

  /** Lead what a colleague leads: managers only. */
  async takeOver(conv: string, reason: string): Promise<boolean> {
    return this.act(conv, "take-over", { reason }, () => {
      this.needs.state.wanted.value = conv;
    });
  }

  /** Ask who waits for a little patience: no answer, the clock goes on. */
  async hold(conv: string): Promise<void> {
    await this.act(conv, "hold", undefined, () => undefined);
  }

  /** Note that a letter was answered by messenger or phone. */
  async answeredElsewhere(conv: string): Promise<void> {
    const { threads, toasts, t } = this.needs;
    await this.act(conv, "letter", undefined, () => {
      void threads.refresh(conv);
      toasts.tell(t("letter_done_toast"));
    });
  }

  async release(conv: string): Promise<void> {
    const { toasts, t } = this.needs;
    await this.act(conv, "release", undefined, () => toasts.tell(t("released_toast")));
  }

  /** End a dialog; tell whether it worked. */
  async close(conv: string, outcome: Outcome): Promise<boolean> {
    return this.act(conv, "close", { outcome }, () => {
      this.needs.state.closing.value = false;
      void this.refreshDay();
    });
  }

  /** Change the switch at once; the server's refusal turns it back. */
  async choosePresence(status: Status, why = HERE, canUndo = true): Promise<void> {
    const { state, http, toasts, t } = this.needs;
    const before = { status: state.status.peek(), absence: state.absence.peek() };
    if (status === before.status && isSame(why, before.absence)) {
      return;
    }
    const set = (to: Status, absence: Absence) =>
      batch(() => {
        state.status.value = to;
        state.absence.value = absence;
      });
    set(status, why);
    try {
      const { reason, backAt } = why;
      const body = { status, ...(reason && { reason }) };
      await http.post(
        "operator/presence/",
        backAt ? { ...body, back_at: Math.round(backAt) } : body,
      );
      const undo = () =>
        void this.choosePresence(before.status, chosen(before.absence), false);
      toasts.tell(t(`now_${status}`), canUndo ? undo : undefined);
    } catch (error) {
      set(before.status, before.absence);
      this.sayFailure(error, "");
    }
  }

  /** Go, and let the dialogs wait for anyone first if they are to be handed over. */
  async goOffline(isHandedOver: boolean): Promise<void> {
    const { state, http } = this.needs;
    const held = isHandedOver ? state.mine.peek().map((row) => row.conv) : [];
    // First the switch: none of them may come back.
    await this.choosePresence("offline");
    for (const conv of held) {
      try {
        await http.post(`operator/conversations/${conv}/release/`, {});
      } catch (error) {
        this.sayFailure(error, "");
      }
    }
  }

  /** Fetch the shop's rules of work; null when they cannot be had. */
  async readRules(): Promise<Regulation | null> {
    try {
      return await this.needs.http.get<Regulation>("operator/regulation/");
    } catch (error) {
      this.sayFailure(error, "");
      return null;
    }
  }

  /** Say that a version was read; tell whether it was noted. */
  async confirmRules(version: number): Promise<boolean> {
    const { state, http, toasts, t } = this.needs;
    try {
      await http.post("operator/regulation/", { version });
      state.owesConfirmation.value = false;
      toasts.tell(t("rules_confirmed"));
      return true;
    } catch (error) {
      this.sayFailure(error, "");
      return false;
    }
  }

  /** Write down who a visitor is; tell whether it worked. */
  async saveCard(
    conv: string,
    card: Pick<VisitorCard, "name" | "contact">,
  ): Promise<boolean> {
    const { state } = this.needs;
    return this.act(conv, "visitor", card, () => {
      const dossier = state.dossiers.peek().get(conv);
      if (dossier) {
        const visitor = { ...dossier.visitor, ...card };
        state.dossiers.value = withEntry(state.dossiers.peek(), conv, {
          ...dossier,
          visitor,
        });
      }
    });
  }

  /** Fetch the next page of ended dialogs. */
  async loadClosed(): Promise<void> {
    const { state, http } = this.needs;
    const next = state.closedNext.peek();
    if (state.hasClosedPage.peek() && next === null) {
      return;
    }
    try {
      const before = next === null ? "" : `&before=${next}`;
      const page = await http.get<Page>(`operator/inbox/?tab=closed${before}`);
      batch(() => {
        state.told.value = mergeRows(state.told.peek(), page.rows);
        state.closedNext.value = page.next ?? null;
        state.hasClosedPage.value = true;
      });
    } catch (error) {
      this.sayFailure(error, "");
    }
  }

  /** Fetch the operator's own figures, at most four times a minute. */
  async refreshDay(): Promise<void> {
    if (Date.now() - this.dayAt >= DAY_PACE_MS) {
      await this.readDay();
    }
  }

  /** Fetch them now, for what has just changed. */
  async readDay(): Promise<void> {
    this.dayAt = Date.now();
    const { state, http } = this.needs;
    const session = await http
      .get<OperatorSession>("operator/session/")
      .catch(() => null);
    if (session) {
      batch(() => {
        state.day.value = session.day;
        state.earned.value = session.earned ?? [];
      });
    }
  }

  private async act(
    conv: string,
    name: string,
    body: object | undefined,
    then: () => void,
  ): Promise<boolean> {
    const { state, http } = this.needs;
    if (this.busy.has(conv + name)) {
      return false;
    }
    this.busy.add(conv + name);
    try {
      const path = `operator/conversations/${conv}/${name}/`;
      const answer = await http.post<Partial<InboxRow>>(path, body);
      batch(() => {
        if (answer.conv && answer.head !== undefined) {
          state.told.value = mergeRows(state.told.peek(), [answer as InboxRow]);
        }
        then();
      });
      return true;
    } catch (error) {
      await this.explain(error, conv);
      return false;
    } finally {
      this.busy.delete(conv + name);
    }
  }

  private async explain(error: unknown, conv: string): Promise<void> {
    if (error instanceof HttpError && error.code === "taken") {
      // The row that names the colleague may not have come yet.
      await this.needs.threads.refresh(conv);
    }
    this.sayFailure(error, this.needs.state.rows.peek().get(conv)?.owner_name ?? "");
  }

  private sayFailure(error: unknown, owner: string): void {
    const { toasts, t } = this.needs;
    const { code = "", message = "" } = error instanceof HttpError ? error : {};
    switch (code) {
      case "full":
        this.sayFull();
        break;
      case "taken":
        toasts.warn(
          owner ? t("err_taken", { name: inline(owner) }) : t("err_taken_somebody"),
        );
        break;
      case "network":
      case "forbidden":
      case "closed":
        toasts.warn(t(`err_${code}`));
        break;
      default:
        toasts.warn(message || t("err_other"));
    }
  }

  private sayFull(): void {
    const { state, toasts, t } = this.needs;
    const [load, capacity] = [state.load.peek(), state.capacity.peek()];
    toasts.warn(t("err_full", { load, capacity }));
  }
}

function isSame(one: Absence, other: Absence): boolean {
  return one.reason === other.reason && one.backAt === other.backAt;
}

/** Leave out what only the server may say: nobody chooses to be idle. */
function chosen(absence: Absence): Absence {
  return ["idle", "missed"].includes(absence.reason) ? HERE : absence;
}
