/** The log: history, what is under way, and the end of it. */

import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { Bubble } from "./bubble";
import { usePanel } from "./context";
import { Ended } from "./ended";
import { Greeting } from "./greeting";
import { buildItems, type Item } from "./items";
import { CopyCard } from "./mailcopy";

/** Whoever is nearer to the end than this follows new lines. */
const NEAR_END_PX = 80;

export function Thread() {
  const { state, settings, t } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const isNear = useRef(true);
  const missed = useSignal(0);
  const items = useComputed(() =>
    buildItems({
      copy: state.copy.value,
      intents: ownIntents(state),
      cards: state.cards.value,
      now: state.now.value,
      lang: settings.lang,
      t,
    }),
  );
  const list = items.value;
  const count = list.length;
  const counted = useRef(count);
  const isTyping = state.isTyping.value;
  const lastIsMine = isMine(list.at(-1));
  const isEnded = state.isEnded.value;
  const isCopyAsked = state.isCopyAsked.value;

  useLayoutEffect(() => {
    const added = count - counted.current;
    counted.current = count;
    if (isNear.current || (added > 0 && lastIsMine)) {
      toEnd(box.current);
      missed.value = 0;
    } else if (added > 0) {
      missed.value += added;
    }
  }, [count, isTyping, isEnded, isCopyAsked, state.isOpen.value, lastIsMine]);

  // The composer grows, the keyboard opens, a card unfolds: the end stays in view.
  useLayoutEffect(() => {
    const log = box.current;
    if (!log) {
      return;
    }
    const observer = new ResizeObserver(() => {
      if (isNear.current) {
        toEnd(log);
      }
    });
    observer.observe(log);
    for (const child of log.children) {
      observer.observe(child);
    }
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const log = box.current;
    if (log) {
      isNear.current =
        log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
      if (isNear.current) {
        missed.value = 0;
      }
    }
  };
  const operator = state.operator.value;
  return (
    <div class="cw-mid">
      <div
        class={count === 0 ? "cw-log top" : "cw-log"}
        role="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard.
        tabIndex={0}
        aria-label={
          operator ? t("log_label_with", { name: operator.name }) : t("log_label")
        }
        aria-busy={state.dialog.value !== null && !state.copy.value?.synced}
        ref={box}
        onScroll={onScroll}
      >
        <div class="cw-in">
          {count === 0 && <Greeting />}
          {count > 0 && (
            <ol class="lines">
              {list.map((item) => (
                <Line key={item.key} item={item} />
              ))}
            </ol>
          )}
          {isTyping && <Dots />}
          {count > 0 && <Nobody />}
          {isEnded && <Ended />}
          {isCopyAsked && !isEnded && <CopyCard />}
        </div>
      </div>
      {missed.value > 0 && (
        <button type="button" class="newer" onClick={() => toEnd(box.current)}>
          {t("new_messages", { n: missed.value })}
          <Icon name="down" size={14} />
        </button>
      )}
    </div>
  );
}

function Line({ item }: { item: Item }) {
  return item.type === "message" ? (
    <Bubble item={item} />
  ) : (
    <li class={item.type === "day" ? "day" : "sys"}>{item.text}</li>
  );
}

/** Not announced: it would talk over what is being read. */
function Dots() {
  const { state, settings } = usePanel();
  const operator = state.operator.value;
  return (
    <div class="m them first typist" aria-hidden="true">
      <Avatar
        name={operator?.name ?? settings.shop}
        photo={operator?.photo ?? ""}
        size={28}
      />
      <div class="bx">
        <span class="typing">
          <i />
          <i />
          <i />
        </span>
      </div>
    </div>
  );
}

/** Said at once when the last operator leaves while somebody waits for an answer. */
function Nobody() {
  const { state, t } = usePanel();
  const { state: word, online = 0 } = state.availability.value;
  const last = state.entries.value.filter((each) => each.kind === "message").at(-1);
  const isWaiting = last?.author !== "operator" && !state.isEnded.value;
  if (!isWaiting || word === "online") {
    return null;
  }
  return (
    <div class="note-card">
      <h3>
        <Icon name={word === "busy" ? "clock" : "moon"} />
        {word === "busy" ? t("busy_count", { n: online }) : t("away_lead")}
      </h3>
      <p>{t(word === "busy" ? "busy_note" : "away_hint")}</p>
    </div>
  );
}

function ownIntents(state: ReturnType<typeof usePanel>["state"]) {
  const conv = state.dialog.value?.id ?? "";
  return state.intents.value.filter((intent) => intent.conv === conv);
}

function isMine(item: Item | undefined): boolean {
  return item?.type === "message" && item.isMine;
}

function toEnd(log: HTMLElement | null): void {
  if (log) {
    log.scrollTop = log.scrollHeight;
  }
}
