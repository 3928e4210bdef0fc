/** One item of the log: a bubble, a note, a line of the system, words on their way. */

import { formatTime } from "../core/clock";
import type { Intent } from "../core/outbox";
import { type OwnState, ownState } from "../core/store";
import type { Entry, Marks } from "../protocol";
import { shortTime } from "./alarm";
import { useDesk } from "./desk";
import { Icon, type IconName } from "./icons";
import { Said } from "./parts";
import { firstName, inline, within } from "./people";
import type { Key, Words } from "./words";

/** Who is who in a dialog. */
export interface Cast {
  readonly me: string;
  readonly visitor: string;
  readonly operators: ReadonlyMap<string, string>;
}

interface BubbleProps {
  entry: Entry;
  cast: Cast;
  marks: Required<Marks>;
  goesOn: boolean;
  firstReplyMs: number | null;
}

const STATE_ICONS: Record<OwnState, IconName> = {
  sent: "check",
  delivered: "checks",
  read: "checks",
};

export function Bubble({ entry, cast, marks, goesOn, firstReplyMs }: BubbleProps) {
  const { lang, t } = useDesk();
  const isOwn = entry.author === "operator";
  const said = t("meta", {
    name: authorName(entry, cast, t),
    time: formatTime(entry.at, lang),
  });
  const isQuiet = goesOn && firstReplyMs === null;
  return (
    <li class={isOwn ? "w o" : "w v"}>
      <span class="vh">{said}</span>
      <div class="bx">
        <Said text={entry.text ?? ""} />
      </div>
      <div class={isQuiet ? "mt num quiet" : "mt num"}>
        {!isQuiet && <span aria-hidden="true">{said}</span>}
        {firstReplyMs !== null && (
          <span class="ok">
            {t("first_reply_in", {
              time: shortTime(Math.round(firstReplyMs / 1000), t),
            })}
          </span>
        )}
        {isOwn && !isQuiet && <Tick state={ownState(entry, marks, "operator")} />}
      </div>
    </li>
  );
}

function Tick({ state }: { state: OwnState }) {
  const { t } = useDesk();
  const word = t(`state_${state}`);
  return (
    <span
      class={state === "read" ? "seen" : ""}
      role="img"
      aria-label={word}
      title={word}
    >
      <Icon name={STATE_ICONS[state]} size={14} />
    </span>
  );
}

export function Note({ entry, cast }: { entry: Entry; cast: Cast }) {
  const { lang, t } = useDesk();
  const name = authorName(entry, cast, t);
  return (
    <li class="nt">
      <Icon name="lock" />
      <div>
        <div class="tx">
          <Said text={entry.text ?? ""} />
        </div>
        <small>{t("only_staff", { name, time: formatTime(entry.at, lang) })}</small>
      </div>
    </li>
  );
}

export function SystemLine({ entry, cast }: { entry: Entry; cast: Cast }) {
  const { lang, t } = useDesk();
  return (
    <li class="ev num">
      <span>{datedText(eventText(entry, cast, t), formatTime(entry.at, lang))}</span>
    </li>
  );
}

/** Return a sentence with its time; what ends by itself takes no comma. */
export function datedText(text: string, time: string): string {
  return /[.!?…。]$/.test(text) ? `${text} ${time}` : `${text}, ${time}`;
}

/** Words that the server has not confirmed, with what can be done about them. */
export function Pending({ intent }: { intent: Intent }) {
  const { outbox, t } = useDesk();
  const hasFailed = intent.state === "failed";
  const isNote = intent.kind === "note";
  const state = t(`state_${intent.state}`);
  const meta = (
    <div class="mt">
      <span class={hasFailed ? "bad" : ""} title={intent.reason || undefined}>
        {hasFailed && intent.reason ? `${state}: ${intent.reason}` : state}
      </span>
      {intent.state === "sent" && <Icon name="check" size={14} />}
      {hasFailed && (
        <>
          <button type="button" class="link" onClick={() => outbox.retry(intent.cmid)}>
            {t("retry")}
          </button>
          <button
            type="button"
            class="link"
            onClick={() => outbox.withdraw(intent.cmid)}
          >
            {t("delete")}
          </button>
        </>
      )}
    </div>
  );
  if (isNote) {
    return (
      <li class="nt pend">
        <Icon name="lock" />
        <div>
          <div class="tx">
            <Said text={intent.text} />
          </div>
          {meta}
        </div>
      </li>
    );
  }
  return (
    <li class={hasFailed ? "w o fail" : "w o pend"}>
      <span class="vh">{t("you")}</span>
      <div class="bx">
        <Said text={intent.text} />
      </div>
      {meta}
    </li>
  );
}

/** Return who wrote an entry, for a sentence. */
export function authorName(entry: Entry, cast: Cast, t: Words): string {
  if (entry.author === "visitor") {
    return inline(firstName(cast.visitor));
  }
  if (entry.by === cast.me) {
    return t("you");
  }
  return inline(cast.operators.get(entry.by ?? "") ?? "");
}

/** Return what happened, as a sentence. */
export function eventText(entry: Entry, cast: Cast, t: Words): string {
  const isOwn = entry.by === cast.me;
  const name = authorName(entry, cast, t);
  switch (entry.kind) {
    case "taken":
      return isOwn ? t("taken_you") : t("taken", { name });
    case "released":
      return releasedText(entry, isOwn, name, t);
    case "closed":
      return closedText(entry, isOwn, name, t);
    case "reopened":
      return t("reopened");
    case "rated":
      return ratedText(entry, t);
    case "letter":
    case "contact":
      return letterText(entry, t);
    case "withdrawn":
      return t("ev_withdrawn", { name });
    case "cart":
      return cartText(entry, name, t);
    case "ordered":
      return t("ev_ordered", orderWords(entry));
    case "order":
      return orderText(entry, t);
    case "auto":
    case "routed":
    case "offered":
    case "declined":
    case "raised":
    case "followed":
      return clockText(entry, t);
    default:
      return t("transcript");
  }
}

function letterText(entry: Entry, t: Words): string {
  const { contact, kind } = entry.data ?? {};
  if (typeof contact !== "string" || !contact) {
    return t("ev_letter");
  }
  const words = { kind: t(`kind_${String(kind)}` as Key), contact: inline(contact) };
  return t(entry.kind === "letter" ? "ev_letter_to" : "ev_contact", words);
}

function orderWords(entry: Entry): { number: string; sum: string } {
  const { number, said } = entry.data ?? {};
  return { number: inline(String(number ?? "")), sum: String(said ?? "") };
}

function cartText(entry: Entry, name: string, t: Words): string {
  const { title, was, now } = entry.data ?? {};
  const goods = inline(`${String(title)}${Number(now) > 1 ? ` × ${Number(now)}` : ""}`);
  if (!was) {
    return t("ev_cart_in", { name, goods });
  }
  return now
    ? t("ev_cart_set", {
        name,
        goods: inline(String(title)),
        was: Number(was),
        now: Number(now),
      })
    : t("ev_cart_out", { name, goods });
}

function orderText(entry: Entry, t: Words): string {
  const { event, tracking, said } = entry.data ?? {};
  const text = t(`order_${String(event)}` as Key, orderWords(entry));
  const more = [said, tracking].filter((each) => typeof each === "string" && each);
  return [text, ...more].join(", ");
}

function releasedText(entry: Entry, isOwn: boolean, name: string, t: Words): string {
  if (entry.data?.reason === "came_back") {
    return t("released_came_back", { name: inline(String(entry.data.name ?? "")) });
  }
  if (entry.author === "system") {
    return t("released_dismissed", { name: inline(String(entry.data?.name ?? "")) });
  }
  return isOwn ? t("released_you") : t("released", { name });
}

function closedText(entry: Entry, isOwn: boolean, name: string, t: Words): string {
  if (entry.author === "visitor") {
    return t("ended_visitor");
  }
  const who = isOwn ? t("ended_you") : t("ended", { name });
  const outcome = entry.data?.outcome;
  return typeof outcome === "string" && outcome
    ? t("ended_outcome", { who, outcome: t(`outcome_${outcome}` as Key) })
    : who;
}

/** What the clock did, or colleagues among themselves: staff read all of it. */
function clockText(entry: Entry, t: Words): string {
  const data = entry.data ?? {};
  const word = (key: string) => inline(String(data[key] ?? ""));
  const names = {
    name: word("name"),
    to: word("to"),
    note: within(String(data.note ?? ""), t),
  };
  switch (entry.kind) {
    case "auto":
      return t("auto_text", { text: inline(entry.text ?? "") });
    case "routed":
      return routedText(String(data.how ?? ""), names, t);
    case "offered":
      return names.note ? t("offered_note", names) : t("offered", names);
    case "declined":
      return t(data.reason === "unanswered" ? "declined_late" : "declined", names);
    case "followed":
      return t("ev_followed", names);
    default:
      return t(`raised_${String(data.step)}` as Key);
  }
}

function routedText(
  how: string,
  names: { to: string; note: string },
  t: Words,
): string {
  const text = t(`routed_${how}` as Key, names);
  return names.note ? t("rated_comment", { what: text, comment: names.note }) : text;
}

function ratedText(entry: Entry, t: Words): string {
  const what = t(entry.data?.thumb === "up" ? "rated_up" : "rated_down");
  const comment = entry.data?.comment;
  return typeof comment === "string" && comment
    ? t("rated_comment", { what, comment: within(comment, t) })
    : what;
}
