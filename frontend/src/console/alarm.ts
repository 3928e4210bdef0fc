/**
 * Calls the operator when somebody asks: sound, notification, spoken word, tab title.
 * Managers are also called for what the ladder tells them: a question of anybody's.
 */

import { effect } from "@preact/signals";
import type { InboxRow } from "../protocol";
import { inline, visitorName } from "./people";
import type { Prefs } from "./prefs";
import type { Push } from "./push";
import { look, type Seen, type Step, waitedSeconds } from "./reaction";
import type { Sound } from "./sound";
import type { State } from "./state";
import type { Toasts } from "./toasts";
import type { Words } from "./words";

interface Needs {
  state: State;
  prefs: Prefs;
  sound: Pick<Sound, "play">;
  toasts: Pick<Toasts, "warn">;
  t: Words;
  open: (conv: string) => void;
}

/** Watch the rows until the returned function is called. */
export function startAlarm(needs: Needs): () => void {
  const { state } = needs;
  let seen: ReadonlyMap<string, Seen> | null = null;
  const stopWatching = effect(() => {
    const now = state.now.value;
    if (!state.hasInbox.value) {
      return;
    }
    const looked = look(seen ?? new Map(), concerning(state), now, state.limits);
    // Whoever waits already when the page opens is in sight without a call.
    const steps = seen === null ? [] : looked.steps;
    seen = looked.seen;
    for (const step of steps) {
      call(needs, step);
    }
  });
  let raised: ReadonlyMap<string, number> | null = null;
  const stopRaising = effect(() => {
    if (!state.hasInbox.value) {
      return;
    }
    const rows = raisedRows(state);
    for (const row of rows) {
      if (raised && raised.get(row.conv) !== row.waiting_since) {
        callManager(needs, row);
      }
    }
    raised = new Map(rows.map((row) => [row.conv, row.waiting_since ?? 0]));
  });
  const stopNaming = effect(() => {
    document.title = titleOf(state, needs.t);
  });
  return () => {
    stopWatching();
    stopRaising();
    stopNaming();
  };
}

/** Return the page's title: the longest wait beyond the limit, or what is unread. */
export function titleOf(state: State, t: Words): string {
  const now = state.now.value;
  const waits = [...concerning(state), ...raisedRows(state)]
    .filter((row) => row.waiting_since)
    .map((row) => waitedSeconds(row.waiting_since ?? now, now));
  const longest = Math.max(0, ...waits);
  if (longest >= state.limits.limit) {
    return `! ${shortTime(longest, t)} · ${t("title")}`;
  }
  const unread = state.mine.value.filter((row) => (row.unread ?? 0) > 0).length;
  const count = unread + state.waiting.value.filter((row) => row.waiting_since).length;
  return count > 0 ? `(${count}) ${t("title")}` : t("title");
}

/** Return a length of time in one unit, as short as it can be said. */
export function shortTime(seconds: number, t: Words): string {
  if (seconds < 100) {
    return t("seconds", { n: seconds });
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 100
    ? t("minutes", { n: minutes })
    : t("hours", { n: Math.floor(minutes / 60) });
}

/** Let an operator hear and see how he will be called, and say what the browser blocks. */
export async function tryAlerts(needs: {
  sound: Pick<Sound, "tryOut">;
  push: Pick<Push, "tryOut">;
  toasts: Pick<Toasts, "tell" | "warn">;
  t: Words;
}): Promise<void> {
  const { sound, push, toasts, t } = needs;
  const isHeard = await sound.tryOut();
  const isShown = show(t("alerts_example"), {}) !== null;
  if (isHeard && isShown) {
    toasts.tell(t("alerts_work"));
  } else {
    toasts.warn(t(isHeard ? "alerts_unseen" : "alerts_silent"));
  }
  const devices = await push.tryOut();
  if (devices > 0) {
    toasts.tell(t("alerts_called", { n: devices }));
  }
}

/** Return the rows that ask something of this operator in his present state. */
function concerning(state: State): readonly InboxRow[] {
  const status = state.status.value;
  if (status === "offline") {
    return [];
  }
  const hasPlace = state.load.value < state.capacity.value;
  const free = status === "online" && hasPlace ? state.waiting.value : [];
  return [...free, ...state.mine.value];
}

/** Return what a manager is told of: nobody answers, and it is not his own. */
function raisedRows(state: State): readonly InboxRow[] {
  if (!state.isManager || state.status.value === "offline") {
    return [];
  }
  return [...state.rows.value.values()].filter(
    (row) => row.raised && row.waiting_since && row.owner !== state.me.id,
  );
}

function callManager({ state, prefs, sound, toasts, t, open }: Needs, row: InboxRow) {
  const name = inline(visitorName(row, t));
  const owner = inline(row.owner_name ?? "");
  const time = shortTime(waitedSeconds(row.waiting_since ?? 0, state.now.peek()), t);
  const text = owner
    ? t("notify_raised", { name, time, owner })
    : t("notify_raised_free", { name, time });
  toasts.warn(text, () => open(row.conv));
  if (prefs.sound.peek()) {
    sound.play("late");
  }
  if (prefs.desktop.peek() && document.visibilityState === "hidden") {
    notify(text, row, () => open(row.conv));
  }
}

function call({ state, prefs, sound, t, open }: Needs, { row, level }: Step): void {
  const name = inline(visitorName(row, t));
  const n = waitedSeconds(row.waiting_since ?? 0, state.now.peek());
  state.spoken.value =
    level === "ok" ? t("announce_new", { name }) : t("announce_waits", { name, n });
  if (level === "bad") {
    return;
  }
  if (prefs.sound.peek()) {
    sound.play(level === "ok" ? "new" : "late");
  }
  if (prefs.desktop.peek() && document.visibilityState === "hidden") {
    const text =
      level === "ok" ? t("notify_new", { name }) : t("notify_waits", { name, n });
    notify(text, row, () => open(row.conv));
  }
}

function notify(title: string, row: InboxRow, onClick: () => void): void {
  const body = row.preview ?? "";
  const note = show(title, { body, tag: `chatdesk-${row.conv}` });
  if (note) {
    note.onclick = () => {
      window.focus();
      onClick();
      note.close();
    };
  }
}

function show(title: string, options: NotificationOptions): Notification | null {
  if (!("Notification" in window) || Notification.permission !== "granted") {
    return null;
  }
  try {
    return new Notification(title, options);
  } catch {
    // Android allows notifications only from a service worker.
    return null;
  }
}
