/** What each frame that is not about a log changes in the workspace. */

import { batch } from "@preact/signals";
import { serverNow } from "../core/clock";
import type { ConversationState } from "../core/store";
import type { EphRelay, Inbox, PresenceChanged, ServerFrame, Team } from "../protocol";
import { mergeRows } from "./inbox";
import { type State, type Status, withEntry } from "./state";

/** What is done when a frame only says that something is another now. */
export interface Hearing {
  readonly cart: (conv: string) => void;
  readonly earned: () => void;
}

const DEAF: Hearing = { cart: () => undefined, earned: () => undefined };

/** Take a frame that the log does not take. */
export function receive(state: State, frame: ServerFrame, hear: Hearing = DEAF): void {
  switch (frame.type) {
    case "inbox":
      receiveInbox(state, frame);
      break;
    case "presence":
      receivePresence(state, frame);
      break;
    case "team":
      receiveTeam(state, frame);
      break;
    case "eph":
      if (frame.kind === "cart") {
        hear.cart(frame.conv);
      } else if (frame.kind === "earned") {
        hear.earned();
      } else {
        receiveEph(state, frame);
      }
      break;
  }
}

/** Take the new copy of a log; the visitor's words replace the draft of them. */
export function receiveCopy(state: State, copy: ConversationState): void {
  const before = state.copies.peek().get(copy.conv);
  const known = before?.cursor ?? copy.cursor;
  const spoke = copy.entries.some(
    (entry) => entry.seq > known && entry.author === "visitor",
  );
  batch(() => {
    state.copies.value = withEntry(state.copies.peek(), copy.conv, copy);
    if (spoke) {
      forgetPeek(state, copy.conv);
    }
  });
}

function receiveInbox(state: State, frame: Inbox): void {
  const whole = frame.whole ?? false;
  batch(() => {
    state.told.value = mergeRows(state.told.peek(), frame.rows, whole);
    state.hasInbox.value ||= whole;
  });
}

function receivePresence(state: State, frame: PresenceChanged): void {
  batch(() => {
    state.status.value = frame.status as Status;
    state.toldLoad.value = frame.load;
    state.capacity.value = frame.capacity;
    const backAt = frame.back_at ?? null;
    state.absence.value = { reason: frame.reason ?? "", backAt };
  });
}

function receiveTeam(state: State, frame: Team): void {
  const team = new Map(frame.whole ? [] : state.colleagues.peek());
  for (const each of frame.colleagues) {
    team.set(each.id, each);
  }
  state.colleagues.value = team;
}

function receiveEph(state: State, frame: EphRelay): void {
  if (frame.by) {
    return;
  }
  const text = frame.text ?? "";
  // An empty draft was wiped out or sent; without words he types and shows nothing.
  if (text === "" && frame.kind === "draft") {
    forgetPeek(state, frame.conv);
    return;
  }
  const peek = { text, at: serverNow() };
  state.peeks.value = withEntry(state.peeks.peek(), frame.conv, peek);
}

function forgetPeek(state: State, conv: string): void {
  if (state.peeks.peek().has(conv)) {
    state.peeks.value = withEntry(state.peeks.peek(), conv, null);
  }
}
