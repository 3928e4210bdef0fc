/** The log: history, what is under way, and the end of it. */

import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { Bubble } from "./bubble";
import { usePanel } from "./context";
import { Ended } from "./ended";
import { useFollowedEnd } from "./follow";
import { Greeting } from "./greeting";
import { buildItems, type Item } from "./items";
import { ContactAsk, CopyCard, ShopLine } from "./lazy";
import { Waiting } from "./waiting";

/** The conversation, or the greeting before there is one. */
export function Thread() {
  const { state, settings, t } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const items = useComputed(() =>
    buildItems({
      copy: state.copy.value,
      intents: state.ownIntents.value,
      cards: state.cards.value,
      now: state.now.value,
      lang: settings.lang,
      t,
    }),
  );
  const list = items.value;
  const end = useFollowedEnd(box, list.length, isMine(list.at(-1)), state.isOpen.value);
  const operator = state.operator.value;
  const label = operator
    ? t("log_label_with", { name: operator.name })
    : t("log_label");
  return (
    <div class="cw-mid">
      <div
        class="cw-log"
        role="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label={label}
        aria-busy={state.dialog.value !== null && !state.copy.value?.synced}
        ref={box}
        onScroll={end.onScroll}
      >
        <div class="cw-in">{list.length > 0 ? <Lines list={list} /> : <Empty />}</div>
      </div>
      {end.missed.value > 0 && (
        <button type="button" class="newer" onClick={end.goToEnd}>
          {t("new_messages", { n: end.missed.value })}
          <Icon name="down" size={14} />
        </button>
      )}
    </div>
  );
}

/** Greets who is new; waits a moment for the history of who is not. */
function Empty() {
  const { state, t } = usePanel();
  const isHistoryDue = (state.dialog.value?.head ?? 0) > 0 && !state.copy.value?.synced;
  if (state.isReady.value && !isHistoryDue) {
    return <Greeting />;
  }
  return (
    <div class="loading">
      <span class="vh">{t("loading")}</span>
      <p class="skel" />
      <p class="skel" />
      <p class="skel" />
    </div>
  );
}

function Lines({ list }: { list: readonly Item[] }) {
  const { state } = usePanel();
  const isEnded = state.isEnded.value;
  return (
    <>
      <ol class="lines">
        {list.map((item) => (
          <Line key={item.key} item={item} />
        ))}
      </ol>
      {state.isTyping.value && <Dots />}
      <Waiting />
      {isEnded && <Ended />}
      {state.isContactAsked.value && !state.isWaiting.value && !isEnded && (
        <ContactAsk isAlone />
      )}
      {state.isCopyAsked.value && !isEnded && <CopyCard />}
    </>
  );
}

function Line({ item }: { item: Item }) {
  if (item.type === "shop") {
    return <ShopLine entry={item.entry} time={item.time} />;
  }
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

function isMine(item: Item | undefined): boolean {
  return item?.type === "message" && item.isMine;
}
