/** One visit in blocks: whence and with what, the path, what befell; empty ones hide. */

import type { ComponentChildren } from "preact";
import type { VisitCard, VisitStep } from "../protocol";
import { useDesk } from "./desk";
import { Icon, type IconName } from "./icons";
import { within } from "./people";
import {
  eventTime,
  eventWords,
  money,
  placeName,
  sourceName,
  span,
  timeThere,
} from "./visit-words";

const MOST_STEPS = 12;

/** The visit of a dialog, if one is known. */
export function VisitOf({ conv }: { conv: string }) {
  const { shop, visits } = useDesk();
  const visit = visits?.ofDialogs.value.get(conv);
  if (!visit) {
    return null;
  }
  // The shop itself tells the cart below, line by line.
  const hasCart = Boolean(shop.panels.value.get(conv)?.cart);
  return <VisitBlocks visit={hasCart ? { ...visit, cart: "" } : visit} />;
}

export function VisitBlocks({ visit }: { visit: VisitCard }) {
  return (
    <>
      <Events visit={visit} />
      <Origin visit={visit} />
      <Path visit={visit} />
    </>
  );
}

function Origin({ visit }: { visit: VisitCard }) {
  const { state, lang, t } = useDesk();
  const place = placeName(visit, lang);
  const time = timeThere(visit.zone ?? "", state.now.value, lang);
  const device = [visit.system, visit.browser].filter(Boolean).join(", ");
  return (
    <div class="blk">
      <dl class="kv">
        {(place || time) && (
          <Line icon="pin" label={t("place")}>
            <bdi>{place}</bdi> {time && <span class="dim">{t("there", { time })}</span>}
          </Line>
        )}
        {device && (
          <Line
            icon={visit.device === "phone" ? "phone_device" : "desktop"}
            label={t("device")}
          >
            <bdi>{device}</bdi> <bdi class="dim">{visit.language}</bdi>
          </Line>
        )}
        <Line
          icon={visit.source === "search" ? "search" : "link"}
          label={t("came_from")}
        >
          {sourceName(visit, t)} {visit.phrase && <Quoted text={visit.phrase} />}
          <Campaign visit={visit} />
        </Line>
        {(visit.visits ?? 1) > 1 && (
          <Line icon="history" label={t("visits")}>
            {t("visit_number", { n: visit.visits ?? 1 })}
            <FirstSource visit={visit} />
          </Line>
        )}
      </dl>
    </div>
  );
}

function Quoted({ text }: { text: string }) {
  const { t } = useDesk();
  return <bdi class="dim">{t("quoted", { text: within(text, t) })}</bdi>;
}

function Campaign({ visit }: { visit: VisitCard }) {
  const { t } = useDesk();
  const { utm_campaign: campaign = "" } = visit.campaign ?? {};
  return campaign ? (
    <span class="t12 dim sub">
      {t("campaign")} <bdi>{campaign}</bdi>
    </span>
  ) : null;
}

function FirstSource({ visit }: { visit: VisitCard }) {
  const { t } = useDesk();
  const { first_source: source = "", first_source_name = "" } = visit;
  return source && source !== "direct" ? (
    <span class="t12 dim sub">
      {t("first_from", {
        name: sourceName({ source, source_name: first_source_name }, t),
      })}
    </span>
  ) : null;
}

function Events({ visit }: { visit: VisitCard }) {
  const { lang, t } = useDesk();
  const events = [...(visit.events ?? [])].reverse().slice(0, 5);
  if (events.length === 0) {
    return null;
  }
  return (
    <div class="blk">
      <h3>{t("in_shop")}</h3>
      <ul class="befell">
        {events.map((event) => (
          <li key={`${event.at}${event.kind}`} class={event.kind}>
            <span>{eventWords(event, t)}</span>
            <span class="dim num t12">{eventTime(event, lang)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Path({ visit }: { visit: VisitCard }) {
  const { state, t } = useDesk();
  const steps = (visit.path ?? []).slice(-MOST_STEPS);
  const last = steps.at(-1);
  const more = (visit.pages ?? 0) - steps.length;
  const until = visit.is_here ? state.now.value : (last?.at ?? 0);
  return (
    <div class="blk">
      <h3>
        {t("on_site")}
        <span class="r num">
          {t("pages", { n: visit.pages ?? 0 })},{" "}
          {span(until - (visit.begun_at ?? until))}
        </span>
      </h3>
      {more > 0 && <p class="t12 dim">{t("earlier_pages", { n: more })}</p>}
      <ol class="path">
        {steps.map((step) => (
          <li key={step.at} class={step === last && visit.is_here ? "here" : ""}>
            <bdi class="trunc" title={step.path}>
              {step.title || step.path}
            </bdi>
            <span class="num dim">
              {timeOn(step, step === last && (visit.is_here ?? false), state.now.value)}
            </span>
          </li>
        ))}
      </ol>
      {visit.cart && <CartLine visit={visit} />}
    </div>
  );
}

function CartLine({ visit }: { visit: VisitCard }) {
  const { lang, t } = useDesk();
  return (
    <p class="t13 cartline">
      {t("in_cart")} <b class="num">{money(visit, lang)}</b>
    </p>
  );
}

/** On the page that is open, the time since; on one before, how long it was seen. */
function timeOn(step: VisitStep, isHere: boolean, now: number): string {
  if (isHere) {
    return span(now - step.at);
  }
  return step.visible_s ? span(step.visible_s * 1000) : "";
}

function Line({
  icon,
  label,
  children,
}: {
  icon: IconName;
  label: string;
  children: ComponentChildren;
}) {
  return (
    <>
      <dt title={label}>
        <Icon name={icon} size={16} />
        <span class="vh">{label}</span>
      </dt>
      <dd>{children}</dd>
    </>
  );
}
