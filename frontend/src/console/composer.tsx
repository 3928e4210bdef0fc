/** Where replies and notes are written; each keeps its own draft. */

import { useComputed, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type InboxRow, MAX_TEXT_LENGTH } from "../protocol";
import { COMPOSER_ID, Field } from "./composer-field";
import { useHeight, useOutsideWish, useStanding, useWanted } from "./composer-hooks";
import { useDesk } from "./desk";
import type { Mode } from "./drafts";
import { HoldButton } from "./pace";
import { Timer } from "./parts";
import { firstName, inline, visitorName } from "./people";
import type { Standing } from "./state";

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
  const showMode = (next: Mode) => {
    mode.value = next;
    text.value = drafts.get(row.conv, next);
  };
  const turnTo = (next: Mode) => {
    showMode(next);
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
  useStanding(canReply, mode, showMode);
  useWanted(desk, row.conv, canReply, field);
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
            <HoldButton row={row} />
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
