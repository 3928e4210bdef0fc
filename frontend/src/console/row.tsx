/** One line of the list. */

import { ownState } from "../core/store";
import type { InboxRow } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { isClosed, isIdle } from "./inbox";
import { Ring, Timer, VisitorPicture } from "./parts";
import { isTypingNow } from "./peek";
import { firstName, inline, visitorName } from "./people";
import { waitedSeconds } from "./reaction";
import { shortWhen } from "./when";
import type { Words } from "./words";

interface Props {
  row: InboxRow;
}

/** A row of somebody who waits for whoever takes him. */
export function WaitingRow({ row }: Props) {
  const { state, threads, actions, t } = useDesk();
  const name = visitorName(row, t);
  const isOn = state.selected.value === row.conv;
  return (
    <div class={isOn ? "d q on" : "d q"}>
      <button
        type="button"
        class="go"
        aria-current={isOn}
        aria-label={rowLabel(row, state.now.peek(), t)}
        onClick={() => threads.open(row.conv)}
      >
        {row.waiting_since ? (
          <Ring since={row.waiting_since} />
        ) : (
          <VisitorPicture name={name} number={row.visitor_number} />
        )}
        <Lines row={row} name={name} />
      </button>
      <button
        type="button"
        class="btn soft xs take"
        aria-label={t("take_name", { name: inline(name) })}
        onClick={() => void actions.take(row.conv)}
      >
        {t("take")}
      </button>
    </div>
  );
}

/** A row that a colleague asks to take over, with his note. */
export function OfferedRow({ row }: Props) {
  const { state, threads, actions, t } = useDesk();
  const name = visitorName(row, t);
  const owner = inline(firstName(row.owner_name ?? ""));
  const isOn = state.selected.value === row.conv;
  return (
    <div class={isOn ? "d o on" : "d o"}>
      <button
        type="button"
        class="go"
        aria-current={isOn}
        onClick={() => threads.open(row.conv)}
      >
        <VisitorPicture name={name} number={row.visitor_number} />
        <span class="grow">
          <span class="nm">
            <bdi class="trunc">{name}</bdi>
          </span>
          <span class="pv trunc un">
            <bdi>{owner}:</bdi> <bdi>{row.offer_note || row.preview}</bdi>
          </span>
        </span>
        <span class="rt num">
          {row.waiting_since ? <Timer since={row.waiting_since} /> : <When row={row} />}
          <Icon name="swap" size={14} />
        </span>
      </button>
      <div class="acts">
        <button
          type="button"
          class="btn soft xs"
          aria-label={t("accept_name", { name: inline(name) })}
          onClick={() => void actions.accept(row.conv)}
        >
          {t("accept")}
        </button>
        <button
          type="button"
          class="btn quiet xs"
          aria-label={t("decline_name", { name: inline(name) })}
          onClick={() => void actions.decline(row.conv)}
        >
          {t("decline")}
        </button>
      </div>
    </div>
  );
}

/** A row of somebody who never got an answer: to be written to, or said to be done. */
export function LeftRow({ row }: Props) {
  const { left, t } = useDesk();
  const name = inline(visitorName(row, t));
  return (
    <Row row={row}>
      <button
        type="button"
        class="btn soft xs take"
        aria-label={t("followed_name", { name })}
        title={t("followed_hint")}
        onClick={() => void left.finish(row.conv)}
      >
        {t("followed")}
      </button>
    </Row>
  );
}

/** A row of a dialog that somebody leads, or that has ended. */
export function Row({
  row,
  children,
}: Props & { children?: preact.ComponentChildren }) {
  const { state, threads, t } = useDesk();
  const name = visitorName(row, t);
  const isOn = state.selected.value === row.conv;
  const idle = !isClosed(row) && isIdle(row, state.now.peek(), state.limits);
  const classes = [children ? "d q w" : "d", isOn ? "on" : "", idle ? "idle" : ""];
  return (
    <div class={classes.filter(Boolean).join(" ")}>
      <button
        type="button"
        class="go"
        aria-current={isOn}
        aria-label={rowLabel(row, state.now.peek(), t)}
        onClick={() => threads.open(row.conv)}
      >
        <VisitorPicture name={name} number={row.visitor_number} />
        <Lines row={row} name={name} />
        <RightSide row={row} />
      </button>
      {children}
    </div>
  );
}

function Lines({ row, name }: Props & { name: string }) {
  const isFresh = (row.unread ?? 0) > 0 && row.preview_author === "visitor";
  return (
    <span class="grow">
      <span class="nm">
        <bdi class="trunc">{name}</bdi>
        {row.raised && <Icon name="bell" size={14} />}
        {row.department && <span class="tag trunc">{inline(row.department)}</span>}
      </span>
      <span class={isFresh ? "pv trunc un" : "pv trunc"}>
        <LastWords row={row} />
      </span>
    </span>
  );
}

function LastWords({ row }: Props) {
  const { state, t } = useDesk();
  const peek = state.peeks.value.get(row.conv);
  if (peek && isTypingNow(peek, state.now.value)) {
    return (
      <>
        <span class="tp">{t("typing")}</span> <bdi>{peek.text}</bdi>
      </>
    );
  }
  const text = row.preview ?? "";
  if (row.preview_author !== "operator") {
    return <bdi>{text}</bdi>;
  }
  const isMine = row.owner === state.me.id;
  const by = isMine ? t("you") : firstName(row.owner_name ?? "");
  return (
    <>
      {by && <bdi>{by}:</bdi>} <bdi>{text}</bdi>
    </>
  );
}

function RightSide({ row }: Props) {
  const unread = row.unread ?? 0;
  return (
    <span class="rt num">
      {row.letter_due_at && <Icon name="mail" size={14} />}
      {row.waiting_since ? <Timer since={row.waiting_since} /> : <When row={row} />}
      {unread > 0 && row.waiting_since ? (
        <span class="badge">{unread > 99 ? "99+" : unread}</span>
      ) : (
        <Mark row={row} />
      )}
    </span>
  );
}

function When({ row }: Props) {
  const { state, lang } = useDesk();
  const at = row.closed_at ?? row.preview_at ?? 0;
  return <span>{shortWhen(at, lang, state.now.peek())}</span>;
}

/** A thumb when the dialog was rated, else how far the last reply has come. */
function Mark({ row }: Props) {
  const { state } = useDesk();
  if (row.thumb) {
    return <Icon name={row.thumb === "up" ? "like" : "dislike"} size={14} />;
  }
  const copy = state.copies.value.get(row.conv);
  const last = copy?.entries.filter((entry) => entry.kind === "message").at(-1);
  if (!copy || last?.author !== "operator" || isClosed(row)) {
    return null;
  }
  const isSent = ownState(last, copy.marks, "operator") === "sent";
  return <Icon name={isSent ? "check" : "checks"} size={14} />;
}

/** Return the row's name: who, for how long, how much is unread, the last words. */
function rowLabel(row: InboxRow, now: number, t: Words): string {
  const parts = [inline(visitorName(row, t))];
  if (row.waiting_since) {
    parts.push(t("waiting_s", { n: waitedSeconds(row.waiting_since, now) }));
  }
  if (row.letter_due_at) {
    parts.push(t("letter"));
  }
  if (row.raised) {
    parts.push(t("managers_told"));
  }
  if (row.unread) {
    parts.push(t("unread", { n: row.unread }));
  }
  if (row.thumb) {
    parts.push(t(row.thumb === "up" ? "liked" : "disliked"));
  }
  if (row.preview) {
    parts.push(inline(row.preview));
  }
  return parts.join(", ");
}
