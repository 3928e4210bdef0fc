/** The list of canned replies under the caret: what is in it, chosen, inserted. */

import { type Signal, useComputed, useSignal } from "@preact/signals";
import type { CannedReply, InboxRow } from "../protocol";
import {
  insertCanned,
  matchCanned,
  resolveCanned,
  type SlashQuery,
  slashQuery,
} from "./canned";
import { useDesk } from "./desk";
import { firstName } from "./people";

interface Options {
  row: InboxRow;
  text: Signal<string>;
  field: { current: HTMLTextAreaElement | null };
  write: (text: string) => void;
  isOn: boolean;
}

export type Canned = ReturnType<typeof useCanned>;

export const LIST_ID = "canned";

export function useCanned({ row, text, field, write, isOn }: Options) {
  const { shop, state } = useDesk();
  const query = useSignal<SlashQuery | null>(null);
  const place = useSignal(0);
  const found = useComputed(() =>
    query.value
      ? matchCanned(state.canned.value, query.value.text, row.language ?? "")
      : [],
  );
  const matches: readonly CannedReply[] = isOn ? found.value : [];
  const chosen = matches[Math.min(place.value, matches.length - 1)];
  const vars = {
    name: row.visitor ? firstName(row.visitor) : "",
    operator: state.me.name,
    answers: shop.panels.value.get(row.conv)?.answers ?? {},
  };

  const look = () => {
    const area = field.current;
    const before = query.value?.text;
    query.value = area ? slashQuery(area.value, area.selectionStart) : null;
    if (query.value?.text !== before) {
      place.value = 0;
    }
  };
  const insert = (reply: CannedReply) => {
    if (!query.value) {
      return;
    }
    const resolved = resolveCanned(reply.text, vars);
    const done = insertCanned(text.value, query.value, resolved);
    write(done.text);
    query.value = null;
    placeCaret(field.current, done.text, done.caret);
  };
  const move = (step: number) => {
    place.value = (place.value + step + matches.length) % matches.length;
  };
  const slash = () => {
    const lead = text.value && !text.value.endsWith("\n") ? "\n" : "";
    write(`${text.value}${lead}/`);
    placeCaret(field.current, text.value, text.value.length);
    look();
  };
  const close = () => {
    query.value = null;
  };
  /** Tell whether the list took the press for itself. */
  const onKeyDown = (event: KeyboardEvent, send: () => void): boolean => {
    const isTaken = chosen
      ? press(event, { move, close, insert: () => insert(chosen), send })
      : false;
    if (isTaken) {
      event.preventDefault();
      event.stopPropagation();
    }
    return isTaken;
  };

  return {
    matches,
    chosen,
    vars,
    wanted: query.value?.text ?? "",
    look,
    insert,
    slash,
    close,
    onKeyDown,
    aria: chosen
      ? { "aria-controls": LIST_ID, "aria-activedescendant": optionId(chosen) }
      : {},
  };
}

interface Doings {
  move: (step: number) => void;
  close: () => void;
  insert: () => void;
  send: () => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Do what a press means while the list is open; false when it means nothing. */
function press(event: KeyboardEvent, { move, close, insert, send }: Doings): boolean {
  const step = STEPS[event.key];
  if (step) {
    move(step);
  } else if (event.key === "Enter" || event.key === "Tab") {
    insert();
    if (event.ctrlKey || event.metaKey) {
      send();
    }
  } else if (event.key === "Escape") {
    close();
  } else {
    return false;
  }
  return true;
}

export function optionId(reply: CannedReply): string {
  return `${LIST_ID}-${reply.id}`;
}

function placeCaret(
  area: HTMLTextAreaElement | null,
  text: string,
  caret: number,
): void {
  if (area) {
    area.value = text;
    area.focus();
    area.setSelectionRange(caret, caret);
  }
}
