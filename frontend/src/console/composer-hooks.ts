/** What the composer reacts to beside typing. */

import type { Signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Desk } from "./desk";
import type { Mode } from "./drafts";

/** Sent to the document to turn the composer to replies or to notes. */
export const WANT_MODE = "chatdesk:mode";

const TYPING_PACE_MS = 2_000;
const TALLEST_SHARE = 0.34;

/** Turn to notes when the dialog stops being one's own, back when it is again. */
export function useStanding(
  canReply: boolean,
  mode: Signal<Mode>,
  showMode: (mode: Mode) => void,
): void {
  const was = useRef(canReply);
  useEffect(() => {
    if (was.current !== canReply) {
      was.current = canReply;
      if ((mode.peek() === "message") !== canReply) {
        showMode(canReply ? "message" : "note");
      }
    }
  });
}

/** Put the caret here once the dialog that was asked for is ready to be answered. */
export function useWanted(
  { state }: Desk,
  conv: string,
  canReply: boolean,
  field: { current: HTMLTextAreaElement | null },
): void {
  const isWanted = state.wanted.value === conv;
  useEffect(() => {
    if (isWanted && canReply) {
      state.wanted.value = null;
      // A touch keyboard would cover the question.
      if (!isTouch()) {
        field.current?.focus();
      }
    }
  }, [state, field, isWanted, canReply]);
}

export function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

export function useOutsideWish(canReply: boolean, turnTo: (mode: Mode) => void): void {
  // At once: a key may follow on the heels of the one that showed this dialog.
  useLayoutEffect(() => {
    const onWish = (event: Event) => {
      const wanted = (event as CustomEvent<Mode>).detail;
      turnTo(canReply ? wanted : "note");
    };
    document.addEventListener(WANT_MODE, onWish);
    return () => document.removeEventListener(WANT_MODE, onWish);
  });
}

export function useHeight(
  field: { current: HTMLTextAreaElement | null },
  text: Signal<string>,
): void {
  const value = text.value;
  useLayoutEffect(() => {
    const area = field.current;
    if (area) {
      area.style.height = "auto";
      const tallest = innerHeight * TALLEST_SHARE;
      area.style.height = value ? `${Math.min(area.scrollHeight, tallest)}px` : "";
    }
  }, [field, value]);
}

export function useTyping({ sync }: Desk, conv: string): () => void {
  const latest = useRef(0);
  return () => {
    const now = Date.now();
    if (now - latest.current >= TYPING_PACE_MS) {
      latest.current = now;
      sync.whisper(conv, "typing");
    }
  };
}
