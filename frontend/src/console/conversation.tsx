/** The dialog that is shown: heading, log, what the operator may do in it. */

import type { ComponentChildren } from "preact";
import type { InboxRow } from "../protocol";
import { CloseForm } from "./close-form";
import { Composer } from "./composer";
import { useDesk } from "./desk";
import { Handover, TakeOver } from "./handover";
import { Icon } from "./icons";
import { isClosed } from "./inbox";
import { Log } from "./log";
import { DialogTimer, HoldButton, SilentBar } from "./pace";
import { Empty, VisitorPicture } from "./parts";
import { inline, visitorName, within } from "./people";
import { standingOf } from "./state";

export function Conversation() {
  const { state, t } = useDesk();
  const row = state.row.value;
  const label = row
    ? t("conversation", { name: inline(visitorName(row, t)) })
    : t("messages");
  return (
    <section class="pane p-conv" aria-label={label} data-pane tabIndex={-1}>
      {state.selected.value ? <Opened row={row} /> : <Nothing />}
    </section>
  );
}

function Nothing() {
  const { state, actions, t } = useDesk();
  const isWaiting = state.waiting.value.some((row) => row.waiting_since);
  if (!state.hasInbox.value) {
    return null;
  }
  return isWaiting ? (
    <Empty
      icon="bell"
      title={t("empty_thread_some")}
      hint={t("empty_thread_some_hint")}
    >
      <button type="button" class="btn pri" onClick={() => void actions.takeNext()}>
        {t("take_next")}
      </button>
    </Empty>
  ) : (
    <Empty icon="eye" title={t("empty_thread")} hint={t("empty_thread_hint")} />
  );
}

function Opened({ row }: { row: InboxRow | null }) {
  const { state, threads, t } = useDesk();
  const conv = state.selected.value ?? "";
  const copy = state.copy.value;
  if (!copy && state.failed.value.has(conv)) {
    return (
      <Empty icon="alert" title={t("no_thread")} hint="">
        <button
          type="button"
          class="btn soft"
          onClick={() => void threads.refresh(conv)}
        >
          {t("try_again")}
        </button>
      </Empty>
    );
  }
  return (
    <>
      {row && <Heading row={row} />}
      {copy ? <Log key={conv} copy={copy} /> : <Skeleton />}
      {row && copy && <Foot row={row} />}
    </>
  );
}

function Skeleton() {
  return (
    <div class="logwrap" aria-busy="true">
      <div class="tl">
        <span class="skel s1" />
        <span class="skel s2" />
        <span class="skel s3" />
      </div>
    </div>
  );
}

function Heading({ row }: { row: InboxRow }) {
  const { state, t } = useDesk();
  const name = visitorName(row, t);
  const page = state.dossier.value?.visitor.page_title;
  const back = () => {
    state.view.value = "list";
  };
  return (
    <header class="c-h">
      <button
        type="button"
        class="ib only-m"
        aria-label={t("back_list")}
        onClick={back}
      >
        <Icon name="left" size={24} turn />
      </button>
      <VisitorPicture name={name} number={row.visitor_number} />
      <div class="grow">
        <h2 class="trunc">
          <bdi>{name}</bdi>
        </h2>
        <div class="sub">
          {page && <span class="trunc">{t("on_page", { page: within(page, t) })}</span>}
          {row.owner && !isClosed(row) && <DialogTimer />}
        </div>
      </div>
      <AboutButton />
      <OwnerButtons row={row} />
    </header>
  );
}

/** Opens the visitor's pane where it is not always in sight. */
function AboutButton() {
  const { state, t } = useDesk();
  const show = () => {
    state.view.value = "visitor";
    state.isDrawerOpen.value = !state.isDrawerOpen.value;
  };
  return (
    <button
      type="button"
      class="ib only-d"
      aria-label={t("about_visitor")}
      aria-expanded={state.isDrawerOpen.value}
      onClick={show}
    >
      <Icon name="user" size={24} />
    </button>
  );
}

function OwnerButtons({ row }: { row: InboxRow }) {
  const { state, t } = useDesk();
  const standing = standingOf(row, state.me.id);
  const isOwn = standing === "mine";
  if (!isOwn && !(state.isManager && standing === "colleague")) {
    return null;
  }
  return (
    <>
      <button
        type="button"
        class="ib"
        aria-label={t(isOwn ? "hand_to" : "take_over")}
        title={t(isOwn ? "hand_to" : "take_over")}
        aria-haspopup="dialog"
        aria-expanded={state.handing.value}
        onClick={() => {
          state.handing.value = !state.handing.value;
        }}
      >
        <Icon name="swap" />
      </button>
      <button
        type="button"
        class="btn sec"
        aria-haspopup="dialog"
        aria-expanded={state.closing.value}
        onClick={() => {
          state.closing.value = !state.closing.value;
        }}
      >
        {t("close")}
      </button>
      {state.closing.value && <CloseForm conv={row.conv} />}
      {state.handing.value &&
        (isOwn ? <Handover conv={row.conv} /> : <TakeOver conv={row.conv} />)}
    </>
  );
}

function Foot({ row }: { row: InboxRow }) {
  const { state, t } = useDesk();
  const standing = standingOf(row, state.me.id);
  return (
    <>
      {standing === "free" && <FreeBar row={row} />}
      {row.offered_to && <OfferBar row={row} />}
      {standing === "colleague" && (
        <Bar>{t("not_yours", { name: inline(row.owner_name ?? "") })}</Bar>
      )}
      {standing === "closed" && <Bar>{t("is_closed")}</Bar>}
      {standing === "mine" && <SilentBar key={row.conv} row={row} />}
      <Composer key={row.conv} row={row} standing={standing} />
    </>
  );
}

function FreeBar({ row }: { row: InboxRow }) {
  const { state, actions, t } = useDesk();
  const [load, capacity] = [state.load.value, state.capacity.value];
  if (load >= capacity) {
    return (
      <Bar>
        <span class="grow">{t("is_full", { load, capacity })}</span>
        <HoldButton row={row} />
      </Bar>
    );
  }
  return (
    <Bar>
      <span class="grow">{t("not_taken")}</span>
      <HoldButton row={row} />
      <button
        type="button"
        class="btn pri sm"
        onClick={() => void actions.take(row.conv)}
      >
        {t("take")}
      </button>
    </Bar>
  );
}

/** An offer that nobody has answered yet, on both sides of it. */
function OfferBar({ row }: { row: InboxRow }) {
  const { state, actions, t } = useDesk();
  if (row.offered_to === state.me.id) {
    return (
      <Bar>
        <span class="grow">
          {t("offered_to_you", { name: inline(row.owner_name ?? "") })}
        </span>
        <button
          type="button"
          class="btn quiet sm"
          onClick={() => void actions.decline(row.conv)}
        >
          {t("decline")}
        </button>
        <button
          type="button"
          class="btn pri sm"
          onClick={() => void actions.accept(row.conv)}
        >
          {t("accept")}
        </button>
      </Bar>
    );
  }
  const to = state.colleagues.value.get(row.offered_to ?? "");
  return (
    <Bar>
      <span class="grow">{t("offer_waits", { name: inline(to?.name ?? "") })}</span>
      {row.owner === state.me.id && (
        <button
          type="button"
          class="btn quiet sm"
          onClick={() => void actions.decline(row.conv)}
        >
          {t("take_offer_back")}
        </button>
      )}
    </Bar>
  );
}

function Bar({ children }: { children: ComponentChildren }) {
  return <div class="notmine">{children}</div>;
}
