/** The text field of the composer, its canned replies and its buttons. */

import type { Signal } from "@preact/signals";
import type { InboxRow } from "../protocol";
import { CannedList } from "./canned-list";
import { isTouch, useTyping } from "./composer-hooks";
import { type Desk, useDesk } from "./desk";
import type { Mode } from "./drafts";
import { Icon } from "./icons";
import { ProductSearch } from "./product-search";
import { useCanned } from "./use-canned";

export const COMPOSER_ID = "composer";

interface FieldProps {
  row: InboxRow;
  mode: Signal<Mode>;
  text: Signal<string>;
  field: { current: HTMLTextAreaElement | null };
  write: (text: string) => void;
  send: () => boolean;
  extra: number;
}

export function Field({ row, mode, text, field, write, send, extra }: FieldProps) {
  const desk = useDesk();
  const { t } = desk;
  const canned = useCanned({ row, text, field, write, isOn: mode.value === "message" });
  const shareTyping = useTyping(desk, row.conv);
  const isNote = mode.value === "note";

  const onInput = (value: string) => {
    write(value);
    canned.look();
    if (!isNote && value) {
      shareTyping();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || canned.onKeyDown(event, send)) {
      return;
    }
    const isWithControl = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && (isWithControl || sendsByEnter(event))) {
      event.preventDefault();
      if (send() && isWithControl && !isNote) {
        goToNextWaiting(desk);
      }
    }
  };

  return (
    <>
      {canned.matches.length > 0 && <CannedList canned={canned} />}
      {!isNote && desk.shop.isSearching.value && <ProductSearch conv={row.conv} />}
      <div class="box" id={COMPOSER_ID} role="tabpanel" aria-label={t("composer")}>
        <textarea
          ref={field}
          rows={1}
          value={text.value}
          aria-label={t(isNote ? "note" : "reply")}
          placeholder={t(isNote ? "write_note" : "write_reply")}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          {...canned.aria}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onClick={canned.look}
          onBlur={canned.close}
        />
        <Tools
          isNote={isNote}
          extra={extra}
          text={text.value}
          send={send}
          slash={canned.slash}
        />
      </div>
    </>
  );
}

function Tools({
  isNote,
  extra,
  text,
  send,
  slash,
}: {
  isNote: boolean;
  extra: number;
  text: string;
  send: () => boolean;
  slash: () => void;
}) {
  const { shop, state, t } = useDesk();
  const maySend = shop.panels.value.get(state.selected.value ?? "")?.may_send;
  return (
    <div class="tools">
      {!isNote && maySend && (
        <button
          type="button"
          class="ib sm product"
          aria-label={t("product_send")}
          title={t("product_send")}
          aria-haspopup="dialog"
          aria-expanded={shop.isSearching.value}
          onClick={() => {
            shop.isSearching.value = !shop.isSearching.value;
          }}
        >
          <Icon name="box" />
        </button>
      )}
      {!isNote && (
        <button
          type="button"
          class="ib sm slash"
          aria-label={t("canned")}
          title={t("canned")}
          onClick={slash}
        >
          /
        </button>
      )}
      <span class="grow" />
      {extra > 0 ? (
        <span class="t12 toolong" role="status">
          {t("too_long", { n: extra })}
        </span>
      ) : (
        <span class="t12 dim hint" aria-hidden="true">
          <kbd class="kbd">Enter</kbd> {t(isNote ? "enter_saves" : "enter_sends")}
        </span>
      )}
      <button
        type="button"
        class="btn pri sm"
        disabled={extra > 0 || text.trim() === ""}
        onClick={send}
      >
        {t(isNote ? "save_note" : "send")}
      </button>
    </div>
  );
}

/** Go to the own dialog that waits most, else take the longest waiting. */
export function goToNextWaiting({ state, threads, actions }: Desk): void {
  const here = state.selected.peek();
  const next = state.mine.peek().find((row) => row.waiting_since && row.conv !== here);
  if (next) {
    state.wanted.value = next.conv;
    threads.open(next.conv);
  } else if (state.waiting.peek().some((row) => row.waiting_since)) {
    void actions.takeNext();
  }
}

/** On a touch keyboard Enter makes a line, and the button sends. */
function sendsByEnter(event: KeyboardEvent): boolean {
  return !event.shiftKey && !event.altKey && !isTouch();
}
