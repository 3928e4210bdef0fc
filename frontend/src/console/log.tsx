/** The log of the dialog that is shown: it scrolls, grows backwards, marks as read. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { formatDay } from "../core/clock";
import type { ConversationState } from "../core/store";
import { useDesk } from "./desk";
import { Bubble, type Cast, Note, Pending, SystemLine } from "./entries";
import { Icon } from "./icons";
import { firstReply, type Item, itemsOf } from "./items";
import { isNarrow } from "./narrow";
import { PeekBubble } from "./peek";
import { visitorName } from "./people";
import { OfferBubble, ProductBubble } from "./shop-entries";
import { standingOf } from "./state";
import { joinOlder } from "./threads";

/** Distance from the end within which new words are scrolled to. */
const NEAR_PX = 80;
const OLDER_PX = 120;

export function Log({ copy }: { copy: ConversationState }) {
  const { state, threads, t } = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const { from, entries } = joinOlder(copy, state.older.value.get(copy.conv));
  const intents = state.intents.value.filter((intent) => intent.conv === copy.conv);
  const items = itemsOf(entries, intents);
  const cast = useCast();
  // Read here, so that a draft that grows is scrolled to like an entry that comes.
  const peek = state.peeks.value.get(copy.conv);
  const missed = useScroll(box, from, items.length);
  useReading();

  const onScroll = () => {
    const { scrollTop = 0 } = box.current ?? {};
    if (scrollTop < OLDER_PX && from > 1) {
      void threads.loadOlder(copy.conv);
    }
    missed.onScroll();
  };

  return (
    <div class="logwrap">
      <div
        ref={box}
        class="tl"
        role="log"
        aria-label={t("messages")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
        tabIndex={0}
        onScroll={onScroll}
      >
        <p class="ev edge">{t(from > 1 ? "loading_older" : "beginning")}</p>
        <Items items={items} copy={copy} cast={cast} from={from} />
        {peek && <PeekBubble peek={peek} name={cast.visitor} />}
      </div>
      {missed.count.value !== null && (
        <button type="button" class="btn sec sm jump" onClick={missed.toEnd}>
          {missed.count.value > 0
            ? t("new_messages", { n: missed.count.value })
            : t("to_newest")}
          <Icon name="down" size={16} />
        </button>
      )}
    </div>
  );
}

function Items({
  items,
  copy,
  cast,
  from,
}: {
  items: readonly Item[];
  copy: ConversationState;
  cast: Cast;
  from: number;
}) {
  const { lang } = useDesk();
  const first = firstReply(copy.entries, from);
  return (
    <ol class="msgs">
      {items.map((item) => {
        switch (item.type) {
          case "day":
            return (
              <li key={item.key} class="day">
                {formatDay(item.at, lang)}
              </li>
            );
          case "pending":
            return <Pending key={item.key} intent={item.intent} />;
          case "note":
            return <Note key={item.key} entry={item.entry} cast={cast} />;
          case "product":
            return (
              <ProductBubble
                key={item.key}
                entry={item.entry}
                cast={cast}
                conv={copy.conv}
              />
            );
          case "offer":
            return (
              <OfferBubble
                key={item.key}
                entry={item.entry}
                cast={cast}
                conv={copy.conv}
              />
            );
          case "event":
            return <SystemLine key={item.key} entry={item.entry} cast={cast} />;
          default:
            return (
              <Bubble
                key={item.key}
                entry={item.entry}
                cast={cast}
                marks={copy.marks}
                goesOn={item.goesOn}
                firstReplyMs={first?.cmid === item.entry.cmid ? first.ms : null}
              />
            );
        }
      })}
    </ol>
  );
}

/** Who is who: from what was fetched, and from those who joined since. */
function useCast(): Cast {
  const { state, t } = useDesk();
  const row = state.row.value;
  const operators = new Map<string, string>();
  for (const card of state.dossier.value?.operators ?? []) {
    operators.set(card.id, card.name);
  }
  for (const entry of state.copy.value?.entries ?? []) {
    if (entry.by && typeof entry.data?.name === "string") {
      operators.set(entry.by, entry.data.name);
    }
  }
  if (row?.owner && row.owner_name) {
    operators.set(row.owner, row.owner_name);
  }
  return { me: state.me.id, visitor: row ? visitorName(row, t) : "", operators };
}

/**
 * Keep to the end while the reader is near it, hold his place while earlier entries
 * come in above, and count what he misses.
 */
function useScroll(
  box: { current: HTMLDivElement | null },
  from: number,
  length: number,
) {
  const count = useSignal<number | null>(null);
  const memory = useRef({ isNear: true, height: 0, from, length });

  const toEnd = () => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  };
  const onScroll = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    memory.current.isNear = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    const isNear = memory.current.isNear;
    count.value = isNear ? null : (count.value ?? 0);
  };

  useLayoutEffect(() => {
    const log = box.current;
    const before = memory.current;
    if (!log) {
      return;
    }
    if (from < before.from) {
      log.scrollTop += log.scrollHeight - before.height;
    } else if (before.isNear) {
      log.scrollTop = log.scrollHeight;
    } else if (length > before.length) {
      count.value = (count.value ?? 0) + length - before.length;
    }
    memory.current = { ...before, height: log.scrollHeight, from, length };
  });
  useEffect(() => {
    const log = box.current;
    if (!log) {
      return;
    }
    const observer = new ResizeObserver(() => {
      if (memory.current.isNear) {
        log.scrollTop = log.scrollHeight;
      }
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, [box]);
  return { count, toEnd, onScroll };
}

/** Say that the own dialog was seen, while somebody really looks at the page. */
function useReading(): void {
  const { state, sync } = useDesk();
  const isLooking = useSignal(isLookedAt());
  const isOwn = useComputed(() => {
    const row = state.row.value;
    return row !== null && standingOf(row, state.me.id) === "mine";
  });
  useEffect(() => {
    const look = () => {
      isLooking.value = isLookedAt();
    };
    const names = ["focus", "blur"] as const;
    for (const name of names) {
      addEventListener(name, look);
    }
    document.addEventListener("visibilitychange", look);
    return () => {
      for (const name of names) {
        removeEventListener(name, look);
      }
      document.removeEventListener("visibilitychange", look);
    };
  }, [isLooking]);
  useSignalEffect(() => {
    const shown = state.copy.value;
    const isInSight = state.view.value === "chat" || !isNarrow();
    const isLive = isLooking.value && state.isReached.value;
    if (isInSight && isLive && isOwn.value && shown) {
      sync.read(shown.conv, shown.cursor);
    }
  });
}

function isLookedAt(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}
