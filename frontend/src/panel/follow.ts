/** Keeps the end of the log in view for whoever reads there. */

import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Whoever is nearer to the end than this follows new lines. */
const NEAR_END_PX = 80;

interface Followed {
  /** Lines that came while the reader was further up. */
  missed: Signal<number>;
  onScroll: () => void;
  goToEnd: () => void;
}

/**
 * Follow the end of ``box`` as its ``count`` of lines grows.
 *
 * Who has scrolled up stays where he is, unless the new line is his own.
 */
export function useFollowedEnd(
  box: RefObject<HTMLElement | null>,
  count: number,
  isLastMine: boolean,
  isOpen: boolean,
): Followed {
  const isNear = useRef(true);
  const counted = useRef(count);
  const missed = useSignal(0);
  const goToEnd = () => {
    if (box.current) {
      const hasLines = counted.current > 0;
      sink(box.current, hasLines);
      // A greeting is read from its beginning.
      box.current.scrollTop = hasLines ? box.current.scrollHeight : 0;
      missed.value = 0;
    }
  };

  useLayoutEffect(() => {
    const added = count - counted.current;
    counted.current = count;
    if (isNear.current || (added > 0 && isLastMine)) {
      goToEnd();
    } else if (added > 0) {
      missed.value += added;
    }
  }, [count, isLastMine, isOpen]);

  // The composer grows, the keyboard opens, a card unfolds: the end stays in view.
  useLayoutEffect(() => {
    const log = box.current;
    if (!log) {
      return;
    }
    const observer = new ResizeObserver(() => {
      if (isNear.current) {
        goToEnd();
      } else {
        sink(log, true);
      }
    });
    for (const element of [log, ...log.children]) {
      observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const log = box.current;
    if (log) {
      const below = log.scrollHeight - log.scrollTop - log.clientHeight;
      isNear.current = below < NEAR_END_PX;
      if (isNear.current) {
        missed.value = 0;
      }
    }
  };
  return { missed, onScroll, goToEnd };
}

/**
 * Let a short log stand at the bottom, near the composer.
 *
 * Moved by a transform, because lines that a new one pushes up by layout count as a
 * layout shift of the shop's page.
 */
function sink(log: HTMLElement, isWanted: boolean): void {
  const content = log.firstElementChild;
  if (content instanceof HTMLElement) {
    const free = isWanted ? log.clientHeight - content.offsetHeight : 0;
    content.style.transform = free > 0 ? `translateY(${free}px)` : "";
  }
}
