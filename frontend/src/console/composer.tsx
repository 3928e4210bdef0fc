/** Where replies and notes are written; each keeps its own draft. */

import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type InboxRow, MAX_TEXT_LENGTH } from "../protocol";
import { CannedList } from "./canned-list";
import { type Desk, useDesk } from "./desk";
import type { Mode } from "./drafts";
import { Timer } from "./parts";
import { firstName, inline, visitorName } from "./people";
import type { Standing } from "./state";
import { useCanned } from "./use-canned";

export const COMPOSER_ID = "composer";
/** Set from outside to turn the composer to replies or to notes. */
export const WANT_MODE = "chatdesk:mode";

const TYPING_PACE_MS = 2_000;
const TALLEST_SHARE = 0.34;

interface Props {
  row: InboxRow;
  standing: Standing;
}

export function Composer({ row, standing }: Props) {
  const desk = useDesk();
  const { drafts, t } = desk;
  const canReply = standing === "mine";
  const mode = useSignal<Mode>(canReply ? "message" : "note");
  const text = useSignal(drafts.get(row.conv, mode.value));
  const field = useRef<HTMLTextAreaElement>(null);
  const extra = useComputed(
    () => Array.from(text.value.trim()).length - MAX_TEXT_LENGTH,
  );

  const write = (value: string) => {
    text.value = value;
    drafts.set(row.conv, mode.value, value);
  };
  const turnTo = (next: Mode) => {
    mode.value = next;
    text.value = drafts.get(row.conv, next);
    field.current?.focus();
  };
  const send = () => {
    const said = text.value.trim();
    if (!said || extra.value > 0) {
      return false;
    }
    void desk.outbox.add(row.conv, said, mode.value);
    write("");
    field.current?.focus();
    return true;
  };
  useStanding(canReply, mode, turnTo);
  useOutsideWish(canReply, turnTo);
  useHeight(field, text);

  const parts = { row, mode, text, field, write, send };
  return (
    <div class={mode.value === "note" ? "cmp note" : "cmp"}>
      <div class="tabs">
        <Modes row={row} canReply={canReply} mode={mode.value} turnTo={turnTo} />
        <span class="grow" />
        {canReply && row.waiting_since ? (
          <>
            <span class="t12 dim hide-m">{t("waiting_for_you")}</span>
            <Timer since={row.waiting_since} />
          </>
        ) : null}
      </div>
      <Field {...parts} extra={extra.value} />
    </div>
  );
}

function Modes({
  row,
  canReply,
  mode,
  turnTo,
}: {
  row: InboxRow;
  canReply: boolean;
  mode: Mode;
  turnTo: (mode: Mode) => void;
}) {
  const { t } = useDesk();
  const name = inline(firstName(visitorName(row, t)));
  const words = {
    message: row.visitor ? t("reply_to", { name }) : t("reply"),
    note: t("note"),
  };
  const modes: Mode[] = canReply ? ["message", "note"] : ["note"];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      turnTo(mode === "note" && canReply ? "message" : "note");
    }
  };
  return (
    <div role="tablist" aria-label={t("composer")} onKeyDown={onKeyDown}>
      {modes.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          aria-selected={each === mode}
          aria-controls={COMPOSER_ID}
          tabIndex={each === mode ? 0 : -1}
          onClick={() => turnTo(each)}
        >
          {words[each]}
        </button>
      ))}
    </div>
  );
}

interface FieldProps {
  row: InboxRow;
  mode: Signal<Mode>;
  text: Signal<string>;
  field: { current: HTMLTextAreaElement | null };
  write: (text: string) => void;
  send: () => boolean;
  extra: number;
}

function Field({ row, mode, text, field, write, send, extra }: FieldProps) {
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
  const { t } = useDesk();
  return (
    <div class="tools">
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
          <kbd class="kbd">Enter</kbd> {t("enter_sends")}
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
    threads.open(next.conv);
  } else if (state.waiting.peek().some((row) => row.waiting_since)) {
    void actions.takeNext();
  }
}

/** On a touch keyboard Enter makes a line, and the button sends. */
function sendsByEnter(event: KeyboardEvent): boolean {
  return !event.shiftKey && !event.altKey && !matchMedia("(pointer: coarse)").matches;
}

/** Turn to notes when the dialog stops being one's own, back when it is again. */
function useStanding(
  canReply: boolean,
  mode: Signal<Mode>,
  turnTo: (mode: Mode) => void,
): void {
  const was = useRef(canReply);
  useEffect(() => {
    if (was.current !== canReply) {
      was.current = canReply;
      if ((mode.peek() === "message") !== canReply) {
        turnTo(canReply ? "message" : "note");
      }
    }
  });
}

function useOutsideWish(canReply: boolean, turnTo: (mode: Mode) => void): void {
  useEffect(() => {
    const onWish = (event: Event) => {
      const wanted = (event as CustomEvent<Mode>).detail;
      turnTo(canReply ? wanted : "note");
    };
    document.addEventListener(WANT_MODE, onWish);
    return () => document.removeEventListener(WANT_MODE, onWish);
  });
}

function useHeight(
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

function useTyping({ sync }: Desk, conv: string): () => void {
  const latest = useRef(0);
  return () => {
    const now = Date.now();
    if (now - latest.current >= TYPING_PACE_MS) {
      latest.current = now;
      sync.whisper(conv, "typing");
    }
  };
}
