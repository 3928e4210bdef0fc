/** One message, its state and what can be done when it was not sent. */

import { Avatar } from "../ui/avatar";
import { Icon, type IconName } from "../ui/icons";
import { Words } from "../ui/text";
import { usePanel } from "./context";
import type { MessageItem, MessageState } from "./items";
import type { Key, T } from "./words";
import { firstName } from "./words";

/** A line of the log that somebody said. */
export function Bubble({ item }: { item: MessageItem }) {
  const { settings, t } = usePanel();
  const { isMine, isContinued, operator, time } = item;
  const other = item.isAuto ? settings.shop : t("consultant");
  const speaker = isMine ? t("you") : (operator?.name ?? other);
  const side = isMine ? "me" : "them";
  return (
    <li
      class={`m ${side}${isContinued ? " mid" : " first"}${item.isLast ? "" : " on"}`}
    >
      <span class="vh">
        {speaker}, {time}
        {item.isAuto && `, ${t("automatic")}`}
      </span>
      {!isMine && item.isLast && (
        <Avatar
          name={operator?.name ?? settings.shop}
          photo={operator?.photo ?? ""}
          size={28}
        />
      )}
      <div class="bx" dir="auto">
        <Words text={item.text} />
      </div>
      {isMine ? <OwnMeta item={item} /> : <TheirMeta item={item} speaker={speaker} />}
    </li>
  );
}

function TheirMeta({ item, speaker }: { item: MessageItem; speaker: string }) {
  const { t } = usePanel();
  return item.isLast || item.isAuto ? (
    <div class="meta" aria-hidden="true">
      <span>
        {item.isAuto ? t("automatic") : <bdi>{firstName(speaker)}</bdi>}, {item.time}
      </span>
    </div>
  ) : null;
}

const MARKS: Record<Exclude<MessageState, "failed">, [Key, IconName | null]> = {
  waiting: ["waiting_network", "clock"],
  sending: ["sending", null],
  trying: ["still_trying", "clock"],
  sent: ["sent", "check"],
  delivered: ["delivered", "checks"],
  read: ["read", "checks"],
};

function OwnMeta({ item }: { item: MessageItem }) {
  const { t } = usePanel();
  if (item.state === null) {
    return null;
  }
  if (item.state === "failed") {
    return <Failed item={item} />;
  }
  const [key, icon] = MARKS[item.state];
  return (
    <div class={`meta ${item.state}`}>
      {icon && <Icon name={icon} size={14} />}
      {t(key, { time: item.time })}
    </div>
  );
}

function Failed({ item }: { item: MessageItem }) {
  const { chat, t } = usePanel();
  return (
    <div class="meta fail">
      <Icon name="alert" size={14} />
      <span>{whyNot(item.code, t)}</span>
      <button type="button" onClick={() => chat.retry(item.key)}>
        {t("try_again")}
      </button>
      <button type="button" onClick={() => chat.withdraw(item.key)}>
        {t("delete")}
      </button>
    </div>
  );
}

const REASONS: Record<string, Key> = {
  too_large: "reason_too_large",
  closed: "reason_closed",
  blocked: "reason_blocked",
  forbidden: "reason_blocked",
  not_found: "reason_not_found",
};

/** Say why a message was refused, as far as its author can do something about it. */
export function whyNot(code: string, t: T): string {
  const key = REASONS[code];
  return key ? t("not_sent_because", { reason: t(key) }) : t("not_sent");
}
