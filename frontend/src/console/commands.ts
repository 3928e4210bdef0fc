/** Carries out what the keyboard asks for. */

import type { InboxRow } from "../protocol";
import { choose } from "./absence";
import { COMPOSER_ID } from "./composer-field";
import { WANT_MODE } from "./composer-hooks";
import type { Desk } from "./desk";
import { neighbour } from "./inbox";
import { type Command, commandOf, isTextField } from "./keys";
import { standingOf } from "./state";

/** Listen to the page's keyboard until the returned function is called. */
export function listenToKeys(desk: Desk): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (desk.state.sheet.peek() || event.defaultPrevented) {
      return;
    }
    const command = commandOf(event, {
      inText: isTextField(event.target),
      lettersOn: desk.prefs.keys.peek(),
    });
    if (command) {
      event.preventDefault();
      COMMANDS[command](desk);
    }
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

const COMMANDS: Record<Command, (desk: Desk) => void> = {
  take: ({ actions }) => void actions.takeNext(),
  next: (desk) => step(desk, 1),
  previous: (desk) => step(desk, -1),
  reply: () => write("message"),
  note: () => write("note"),
  canned: () => {
    write("message");
    document.querySelector<HTMLElement>(`#${COMPOSER_ID} .slash`)?.click();
  },
  product: () => {
    write("message");
    document.querySelector<HTMLElement>(`#${COMPOSER_ID} .product`)?.click();
  },
  close: ({ state }) => {
    const row = state.row.peek();
    if (row && standingOf(row, state.me.id) === "mine") {
      state.closing.value = true;
    }
  },
  hand: ({ state }) => {
    const row = state.row.peek();
    if (row && standingOf(row, state.me.id) === "mine") {
      state.handing.value = true;
    }
  },
  hold: () => document.querySelector<HTMLElement>(".p-conv .hold")?.click(),
  help: ({ state }) => {
    state.sheet.value = "keys";
  },
  online: (desk) => choose(desk, "online"),
  away: (desk) => choose(desk, "away"),
  offline: (desk) => choose(desk, "offline"),
  panes: focusNextPane,
};

function step({ state, threads, letters }: Desk, by: 1 | -1): void {
  const lists = {
    mine: [...state.waiting.peek(), ...state.mine.peek()],
    team: state.team.peek(),
    letters: letters.shown(state.me.id, state.now.peek()),
    closed: state.ended.peek(),
  };
  const row = neighbour<Pick<InboxRow, "conv">>(
    lists[state.tab.peek()],
    state.selected.peek(),
    by,
  );
  if (row) {
    threads.open(row.conv);
  }
}

function write(mode: "message" | "note"): void {
  document.dispatchEvent(new CustomEvent(WANT_MODE, { detail: mode }));
}

function focusNextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => pane.offsetParent !== null,
  );
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(here + 1) % panes.length]?.focus();
}
