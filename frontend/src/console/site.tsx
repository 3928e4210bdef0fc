/** Visitors on the site: a live table whose lines stay put while they are pointed at. */

import type { LiveVisit } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { Empty, VisitorPicture } from "./parts";
import { cardName, firstName, inline, within } from "./people";
import { VisitBlocks } from "./visit-blocks";
import { eventWords, money, placeName, sourceName, span } from "./visit-words";
import { FILTERS, type Filter, PAGE } from "./visits";

const JUST_MS = 15_000;
const CHIPS: readonly Filter[] = ["all", "stuck", "cart", "long", "again", "search"];

export function Site() {
  const { visits, t } = useDesk();
  const shown = visits.shown.value;
  const items = shown?.items ?? [];
  return (
    <div class={visits.chosen.value ? "site open" : "site"}>
      <section class="live" aria-label={t("visitors_on_site")} data-pane tabIndex={-1}>
        <header class="live-head">
          <div class="grow">
            <h2>{t("visitors_on_site")}</h2>
            <p class="t13 mut num">
              {shown && t("on_site_now", { n: shown.total ?? items.length })}
              {visits.hasFailed.value && ` ${t("visits_stale")}`}
            </p>
          </div>
          <Trend counts={shown?.trend ?? []} />
        </header>
        <Chips items={items} />
        {shown && items.length === 0 ? (
          <Empty icon="eye" title={t("nobody_here")} hint={t("nobody_here_hint")} />
        ) : (
          <Table items={items} />
        )}
      </section>
      <Aside />
    </div>
  );
}

function Chips({ items }: { items: readonly LiveVisit[] }) {
  const { visits, state, t } = useDesk();
  return (
    <fieldset class="filters">
      <legend class="vh">{t("show_only")}</legend>
      {CHIPS.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={visits.filter.value === name}
          onClick={() => {
            visits.filter.value = name;
            visits.limit.value = PAGE;
          }}
        >
          {t(`only_${name}`)}{" "}
          <span class="num">
            {items.filter((line) => FILTERS[name](line, state.now.value)).length}
          </span>
        </button>
      ))}
    </fieldset>
  );
}

function Table({ items }: { items: readonly LiveVisit[] }) {
  const { visits, state, t } = useDesk();
  const keep = FILTERS[visits.filter.value];
  const lines = items.filter((line) => keep(line, state.now.value));
  const more = lines.length - visits.limit.value;
  const hold = () => visits.hold(true);
  return (
    <section
      class="live-table"
      aria-label={t("visitors_table")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
      tabIndex={0}
      onPointerEnter={hold}
      onPointerLeave={() => visits.hold(false)}
    >
      {visits.kept.value > 0 && (
        <button type="button" class="btn sec sm kept" onClick={() => visits.show()}>
          {t("updates_show", { n: visits.kept.value })}
        </button>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{t("col_visitor")}</th>
            <th scope="col">{t("col_page")}</th>
            <th scope="col" class="r">
              {t("col_pages")}
            </th>
            <th scope="col">{t("came_from")}</th>
            <th scope="col" class="r">
              {t("col_cart")}
            </th>
            <th scope="col">{t("col_chat")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, visits.limit.value).map((line) => (
            <Row key={line.id} line={line} />
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <button
          type="button"
          class="btn sec more"
          onClick={() => {
            visits.limit.value += PAGE;
          }}
        >
          {t("show_more", { n: Math.min(more, PAGE) })}
        </button>
      )}
    </section>
  );
}

function Row({ line }: { line: LiveVisit }) {
  const { visits, state, lang, t } = useDesk();
  const name = cardName({ id: "", name: line.name ?? "", number: line.number }, t);
  const isChosen = visits.chosen.value === line.id;
  return (
    <tr class={isChosen ? "chosen" : ""}>
      <td class="c-who">
        <button
          type="button"
          class="who"
          aria-pressed={isChosen}
          onClick={() => visits.choose(isChosen ? null : line.id)}
        >
          <VisitorPicture name={name} number={line.number} />
          <span class="two">
            <bdi class="trunc b">{name}</bdi>
            <span class="sub trunc">{placeName(line, lang)}</span>
          </span>
        </button>
      </td>
      <td class="c-pg">
        <bdi class="trunc" title={line.page_path}>
          {line.page_title || line.page_path}
        </bdi>
        <span class="sub num">
          {t("time_here", { time: span(state.now.value - (line.page_at ?? 0)) })}
        </span>
      </td>
      <td class="c-n r num">{line.pages}</td>
      <td class="c-src">
        <span class="trunc">{sourceName(line, t)}</span>
        {line.phrase && (
          <bdi class="sub trunc" title={line.phrase}>
            {t("quoted", { text: within(line.phrase, t) })}
          </bdi>
        )}
      </td>
      <td class="c-cart r num">{money(line, lang) || "–"}</td>
      <td class="c-st">
        <Standing line={line} />
      </td>
    </tr>
  );
}

function Standing({ line }: { line: LiveVisit }) {
  const { visits, threads, state, t } = useDesk();
  const { conv = "", event } = line;
  if (conv) {
    const who = line.operator ? inline(firstName(line.operator)) : t("waits");
    const open = () => {
      visits.isOpen.value = false;
      threads.open(conv);
    };
    return (
      <button type="button" class="chip acc" onClick={open}>
        <Icon name="chat" size={14} />
        {who}
      </button>
    );
  }
  if (event) {
    const words = eventWords(event, t);
    return (
      <span class={`chip ${event.kind}`} title={words}>
        <span class="trunc">{words}</span>
      </span>
    );
  }
  const isNew = state.now.value - (line.begun_at ?? 0) < JUST_MS;
  return isNew ? <span class="sub">{t("just_came")}</span> : null;
}

function Trend({ counts }: { counts: readonly number[] }) {
  const { t } = useDesk();
  const most = Math.max(...counts, 1);
  const total = counts.reduce((sum, each) => sum + each, 0);
  if (counts.length < 2) {
    return null;
  }
  const points = counts.map(
    (count, place) =>
      `${(place / (counts.length - 1)) * 130},${27 - (count / most) * 24}`,
  );
  return (
    <figure class="trend hide-m">
      <svg viewBox="0 0 130 30" role="img" aria-label={t("trend_words", { n: total })}>
        <polyline points={points.join(" ")} />
      </svg>
      <figcaption class="sub">{t("trend")}</figcaption>
    </figure>
  );
}

function Aside() {
  const { visits, t } = useDesk();
  const line = visits.shown.value?.items?.find(({ id }) => id === visits.chosen.value);
  const visit = visits.card.value;
  return (
    <aside
      class="pane p-vis side"
      aria-label={t("about_visitor")}
      data-pane
      tabIndex={-1}
    >
      {line && (
        <div class="vh1">
          <VisitorPicture name={line.name || "G"} number={line.number} size="s56" />
          <div class="grow">
            <h2 class="trunc">
              <bdi>
                {cardName({ id: "", name: line.name ?? "", number: line.number }, t)}
              </bdi>
            </h2>
          </div>
          <button
            type="button"
            class="ib sm"
            aria-label={t("close_card")}
            onClick={() => visits.choose(null)}
          >
            <Icon name="cross" />
          </button>
        </div>
      )}
      {visit && <VisitBlocks visit={visit} />}
    </aside>
  );
}
