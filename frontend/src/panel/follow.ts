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
      box.current.scrollTop = box.current.scrollHeight;
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
