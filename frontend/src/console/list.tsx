/** The list of dialogs: waiting for anyone, mine, the team's, ended ones. */

import { useEffect, useRef } from "preact/hooks";
import type { InboxRow } from "../protocol";
import { ColleagueLine } from "./colleague";
import { useDesk } from "./desk";
import { others } from "./handover";
import type { Tab } from "./inbox";
import { LetterList } from "./letter-list";
import { Empty } from "./parts";
import { LeftRow, OfferedRow, Row, WaitingRow } from "./row";
import type { Key } from "./words";

const TABS: readonly Tab[] = ["mine", "team", "letters", "closed"];

export function List() {
  const { state, t } = useDesk();
  const tab = state.tab.value;
  return (
    <section class="pane p-list" aria-label={t("dialogs_list")} data-pane tabIndex={-1}>
      <Tabs />
      <div class="scroll" role="tabpanel" id="list" aria-labelledby={`tab-${tab}`}>
        {tab === "mine" && <Mine />}
        {tab === "team" && <Team />}
        {tab === "letters" && <LetterList />}
        {tab === "closed" && <Closed />}
      </div>
    </section>
  );
}

function Tabs() {
  const { state, t } = useDesk();
  const list = useRef<HTMLDivElement>(null);
  const counts: Record<Tab, number> = {
    mine: state.mine.value.length,
    team: state.team.value.length,
    letters: [...state.rows.value.values()].filter((row) => row.letter_due_at).length,
    closed: 0,
  };
  const choose = (tab: Tab) => {
    state.tab.value = tab;
    list.current?.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const isRtl =
        getComputedStyle(event.currentTarget as Element).direction === "rtl";
      const place = TABS.indexOf(state.tab.value) + (isRtl ? -step : step);
      event.preventDefault();
      choose(TABS[(place + TABS.length) % TABS.length] ?? "mine");
    }
  };
  return (
    <div class="hd">
      <div ref={list} class="seg" role="tablist" onKeyDown={onKeyDown}>
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-controls="list"
            aria-selected={tab === state.tab.value}
            tabIndex={tab === state.tab.value ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {t(tab)}
            {counts[tab] > 0 && <span class="num dim">{counts[tab]}</span>}
          </button>
        ))}
      </div>
    </div>
  );
}

function Mine() {
  const { state, t } = useDesk();
  const waiting = state.waiting.value;
  const mine = state.mine.value;
  const offered = state.offered.value;
  if (!state.hasInbox.value) {
    return null;
  }
  if (waiting.length + mine.length + offered.length === 0) {
    return <Empty icon="check" title={t("empty_list")} hint={t("empty_list_hint")} />;
  }
  const inNeed = waiting.filter((row) => row.waiting_since).length;
  return (
    <>
      {offered.length > 0 && (
        <h2 class="lsec">
          {t("handed_to_you")}
          <span class="badge">{offered.length}</span>
        </h2>
      )}
      {offered.map((row) => (
        <OfferedRow key={row.conv} row={row} />
      ))}
      {waiting.length > 0 && (
        <h2 class="lsec">
          {t("waiting_for_anyone")}
          {inNeed > 0 && <span class="badge bad">{inNeed}</span>}
        </h2>
      )}
      {waiting.map((row) => (
        <WaitingRow key={row.conv} row={row} />
      ))}
      <Section title="my_dialogs" rows={mine} />
    </>
  );
}

function Team() {
  const { state, t } = useDesk();
  const team = state.team.value;
  return (
    <>
      {team.length === 0 ? (
        <Empty icon="users" title={t("empty_team")} hint={t("empty_team_hint")} />
      ) : (
        <Section title="team_dialogs" rows={team} />
      )}
      <Colleagues />
    </>
  );
}

/** Who is at the desk, with what he leads, and who is not. */
function Colleagues() {
  const { state, t } = useDesk();
  const people = others(state.colleagues.value, state.me.id);
  return people.length === 0 ? null : (
    <>
      <h2 class="lsec">{t("colleagues")}</h2>
      <ul class="team">
        {people.map((each) => (
          <li key={each.id}>
            <ColleagueLine colleague={each} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Closed() {
  const { state, actions, left: follow, t } = useDesk();
  useEffect(() => {
    void follow.refresh();
    if (!state.hasClosedPage.peek()) {
      void actions.loadClosed();
    }
  }, [state, actions, follow]);
  const left = state.left.value;
  const ended = state.ended.value.filter((row) => !row.left_at);
  if (!state.hasClosedPage.value && ended.length + left.length === 0) {
    return null;
  }
  if (ended.length + left.length === 0) {
    return (
      <Empty icon="history" title={t("empty_closed")} hint={t("empty_closed_hint")} />
    );
  }
  return (
    <>
      <LeftBehind />
      <Section title="closed_dialogs" rows={ended} />
      {state.closedNext.value !== null && (
        <button
          type="button"
          class="btn quiet sm more"
          onClick={() => void actions.loadClosed()}
        >
          {t("more")}
        </button>
      )}
    </>
  );
}

/** Whom nobody answered, until somebody writes to them or says that it is done. */
function LeftBehind() {
  const { state, left, t } = useDesk();
  const rows = state.left.value;
  return rows.length === 0 ? null : (
    <>
      <h2 class="lsec">
        {t("left_unanswered")}
        <span class="badge bad">{left.number.value}</span>
      </h2>
      {rows.map((row) => (
        <LeftRow key={row.conv} row={row} />
      ))}
      {left.next.value !== null && (
        <button
          type="button"
          class="btn quiet sm more"
          onClick={() => void left.more()}
        >
          {t("more")}
        </button>
      )}
    </>
  );
}

function Section({ title, rows }: { title: Key; rows: readonly InboxRow[] }) {
  const { t } = useDesk();
  return rows.length === 0 ? null : (
    <>
      <h2 class="lsec">{t(title)}</h2>
      {rows.map((row) => (
        <Row key={row.conv} row={row} />
      ))}
    </>
  );
}
