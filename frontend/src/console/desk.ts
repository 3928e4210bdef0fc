/** One operator's workspace: the parts that work together, and how they begin. */

import { effect } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { serverNow } from "../core/clock";
import { createHttp, type Http } from "../core/http";
import { idleSeconds, watchTouches } from "../core/idle";
import { type Intent, Outbox } from "../core/outbox";
import { openRecords, type Shelf } from "../core/storage";
import { Sync } from "../core/sync";
import type { CannedReply, OperatorSession } from "../protocol";
import { Actions } from "./actions";
import { startAlarm } from "./alarm";
import type { Config } from "./config";
import { Drafts } from "./drafts";
import { receive, receiveCopy } from "./frames";
import { warnOnLeaving } from "./leaving";
import { Left } from "./left";
import { Letters } from "./letters";
import { inline } from "./people";
import { DeskPoller, operatorTwin } from "./poll";
import type { Prefs } from "./prefs";
import { Push } from "./push";
import { Shop } from "./shop";
import { Sound } from "./sound";
import { createState, type State } from "./state";
import { Threads } from "./threads";
import { Toasts } from "./toasts";
import { Visits } from "./visits";
import type { Words } from "./words";

export interface Desk {
  readonly config: Config;
  readonly t: Words;
  readonly lang: string;
  readonly state: State;
  readonly prefs: Prefs;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly sync: Sync;
  readonly threads: Threads;
  readonly actions: Actions;
  readonly shop: Shop;
  readonly toasts: Toasts;
  readonly visits: Visits;
  readonly letters: Letters;
  readonly left: Left;
  readonly sound: Sound;
  readonly push: Push;
}

export interface Beginning {
  readonly config: Config;
  readonly session: OperatorSession;
  readonly t: Words;
  readonly shelf: Shelf;
  readonly prefs: Prefs;
}

/** Most dialogs that are followed before somebody opens them. */
const MOST_PREPARED = 15;

const TICK_MS = 1_000;
const DAY_MS = 60_000;

const DeskContext = createContext<Desk | null>(null);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) {
    throw new Error("There is no desk around this component.");
  }
  return desk;
}

export function apiOf(config: Config): Http {
  return createHttp({ root: config.root, csrf: () => config.csrf });
}

/** Put the parts together; nothing is asked of the server yet. */
export async function createDesk(beginning: Beginning): Promise<Desk> {
  const { config, session, t, shelf, prefs } = beginning;
  const state = createState(session);
  const http = apiOf(config);
  const name = `operator-${session.operator.id}`;
  const outbox = new Outbox(
    await openRecords<Intent>(name),
    (intents) => {
      state.intents.value = [...intents];
    },
    name,
  );
  const sync = new Sync({
    socketUrl: `${config.root}ws/operator/`,
    idle: idleSeconds,
    outbox,
    twin: operatorTwin(http),
    follow: (ears) => new DeskPoller(http, idleSeconds, ears),
    onConversation: (copy) => receiveCopy(state, copy),
    onLink: (link, code) => {
      state.link.value = link;
      state.linkCode.value = code;
    },
    onFrame: (frame) =>
      receive(state, frame, {
        cart: (conv) => shop.hearCart(conv),
        earned: () => void actions.readDay(),
      }),
  });
  const toasts = new Toasts(state);
  const shop = new Shop({ http, toasts, t });
  const threads = new Threads(state, http, sync);
  const actions = new Actions({ state, http, threads, toasts, t });
  const drafts = new Drafts(shelf);
  const visits = new Visits(http);
  const letters = new Letters(http);
  const left = new Left({ state, http, toasts, t });
  const lang = config.lang;
  const { push: key, worker, root } = config;
  const push = new Push({ http, key, worker, scope: `${root}console/`, lang });
  return {
    config,
    t,
    lang,
    state,
    prefs,
    drafts,
    outbox,
    sync,
    threads,
    actions,
    shop,
    toasts,
    visits,
    letters,
    left,
    sound: new Sound(),
    push,
  };
}

/** Begin the work: connect, tick, prepare what may be opened, call when needed. */
export function startDesk(desk: Desk): void {
  const { state, sync, threads, actions, drafts, prefs, t } = desk;
  const { sound } = desk;
  sound.unlockOnGesture();
  setInterval(() => {
    void desk.visits.tick(state.selected.peek());
    state.now.value = serverNow();
  }, TICK_MS);
  setInterval(() => {
    if (document.visibilityState === "visible") {
      void actions.refreshDay();
    }
  }, DAY_MS);
  effect(() => {
    for (const row of state.mine.value.slice(0, MOST_PREPARED)) {
      threads.prepare(row.conv);
    }
  });
  const open = (conv: string) => threads.open(conv);
  startAlarm({ state, prefs, sound, toasts: desk.toasts, t, open });
  void desk.push.start(open);
  watchTouches(() => sync.wake());
  warnOnLeaving(state);
  watchTeam(desk);
  addEventListener("pagehide", () => drafts.save());
  document.addEventListener("visibilitychange", () => drafts.save());
  effect(() => {
    if (state.isReached.value) {
      catchUp(desk);
    }
  });
  void desk.outbox.load();
  sync.start();
  void actions.refreshDay();
}

/** Tell a manager when a colleague was put away for a dialog that he missed. */
function watchTeam({ state, toasts, t }: Desk): void {
  let known = state.colleagues.peek();
  effect(() => {
    const team = state.colleagues.value;
    for (const each of team.values()) {
      const before = known.get(each.id);
      const isNew = each.reason === "missed" && before && before.reason !== "missed";
      if (isNew && state.isManager && each.id !== state.me.id) {
        toasts.warn(t("colleague_missed", { name: inline(each.name) }));
      }
    }
    known = team;
  });
}

/** After a connection came back, fetch what no frame brings. */
function catchUp({ state, threads, actions, config }: Desk): void {
  const conv = state.selected.peek();
  if (conv) {
    void threads.refresh(conv);
  }
  void actions.refreshDay();
  void apiOf(config)
    .get<CannedReply[]>("operator/canned/")
    .then((replies) => {
      state.canned.value = replies;
    })
    .catch(() => undefined);
}
