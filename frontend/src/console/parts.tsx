/** Small parts that several panes use. */

import { safeLocale } from "../core/clock";
import type { OperatorCard } from "../protocol";
import { initials } from "../ui/avatar";
import { findLinks } from "../ui/links";
import { shortTime } from "./alarm";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { LINK_REL } from "./links";
import { colourOf } from "./people";
import { levelOf, ringShare, waitedSeconds } from "./reaction";
import type { Status } from "./state";

const RADIUS = 16.2;
const ROUND = 2 * Math.PI * RADIUS;

/** Words of a stranger: text nodes in a box of their own direction, safe links. */
export function Said({ text }: { text: string }) {
  return (
    <bdi>
      {findLinks(text).map((piece) =>
        piece.href ? (
          <a href={piece.href} target="_blank" rel={LINK_REL}>
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}

export function VisitorPicture({
  name,
  number,
  size = "",
}: {
  name: string;
  number: number;
  size?: "" | "s56";
}) {
  return (
    <span class={`av ${colourOf(number)} ${size}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

export function OperatorPicture({
  card,
  status,
}: {
  card: OperatorCard;
  status: Status;
}) {
  return (
    <span class="av s32" aria-hidden="true">
      {card.photo ? (
        <img src={card.photo} alt="" width="32" height="32" />
      ) : (
        initials(card.name)
      )}
      <i class={dotClass(status)} />
    </span>
  );
}

export function dotClass(status: Status | "phone"): string {
  const classes = { online: "dot", away: "dot away", offline: "dot off" };
  return status === "phone" ? "dot off phone" : classes[status];
}

/** The reaction timer in the queue; read out by the row's own name. */
export function Ring({ since }: { since: number }) {
  const { state } = useDesk();
  const seconds = waitedSeconds(since, state.now.value);
  const level = levelOf(seconds, state.limits);
  const filled = ringShare(seconds, state.limits) * ROUND;
  return (
    <span class={`ring ${level}`} aria-hidden="true">
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <circle class="track" cx="18" cy="18" r={RADIUS} />
        <circle
          class="arc"
          cx="18"
          cy="18"
          r={RADIUS}
          stroke-dasharray={`${filled} ${ROUND}`}
        />
      </svg>
      <span>{level === "bad" ? `!${compact(seconds)}` : seconds}</span>
    </span>
  );
}

/** The reaction timer in lists and above the composer. */
export function Timer({ since }: { since: number }) {
  const { state, t } = useDesk();
  const seconds = waitedSeconds(since, state.now.value);
  const level = levelOf(seconds, state.limits);
  return (
    <span class={`timer ${level}`}>
      {level === "bad" && <Icon name="alert" size={14} />}
      <bdi>{shortTime(seconds, t)}</bdi>
    </span>
  );
}

/** Places taken of those there are, as bars. */
export function Bars({ load, capacity }: { load: number; capacity: number }) {
  const { t } = useDesk();
  const bars = Array.from({ length: Math.min(capacity, 10) }, (_, place) => place);
  return (
    <span
      class={load >= capacity ? "cap full" : "cap"}
      role="img"
      aria-label={t("load", { n: capacity, load })}
    >
      {bars.map((place) => (
        <i key={place} class={place < load ? "f" : ""} />
      ))}
    </span>
  );
}

/** How many dialogs the operator leads himself. */
export function Capacity() {
  const { state, t } = useDesk();
  const load = state.load.value;
  const capacity = state.capacity.value;
  return (
    <span class="stat num">
      <Bars load={load} capacity={capacity} />
      <span aria-hidden="true">
        <b>
          {load}/{capacity}
        </b>
        <span class="hide-m"> {t("dialogs", { n: capacity })}</span>
      </span>
    </span>
  );
}

export function Empty({
  icon,
  title,
  hint,
  children,
}: {
  icon: Parameters<typeof Icon>[0]["name"];
  title: string;
  hint: string;
  children?: preact.ComponentChildren;
}) {
  return (
    <div class="empty">
      <span class="ei">
        <Icon name={icon} size={24} />
      </span>
      <h2>{title}</h2>
      <p>{hint}</p>
      {children}
    </div>
  );
}

/** Return a share as the language writes percents. */
export function percent(share: number, lang: string): string {
  return new Intl.NumberFormat(safeLocale(lang), { style: "percent" }).format(share);
}

function compact(seconds: number): string {
  return seconds < 100 ? String(seconds) : `${Math.min(99, Math.floor(seconds / 60))}′`;
}
