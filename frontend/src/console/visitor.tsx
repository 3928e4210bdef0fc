/** What is known of the visitor; blocks that would be empty are not there. */

import { useSignal } from "@preact/signals";
import type { PastDialog, VisitorCard } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { LetterTask } from "./letter";
import { contactHref, LINK_REL } from "./links";
import { VisitorPicture } from "./parts";
import { cardName, firstName, inline } from "./people";
import { ShopBlocks } from "./shop-panel";
import type { Dossier } from "./state";
import { VisitOf } from "./visit-blocks";
import { Facts } from "./visitor-facts";
import { VisitorForm } from "./visitor-form";
import { shortDay } from "./when";

export function Visitor() {
  const { state, t } = useDesk();
  const dossier = state.dossier.value;
  const conv = state.selected.value;
  const back = () => {
    state.view.value = "chat";
    state.isDrawerOpen.value = false;
  };
  return (
    <aside
      class={dossier ? "pane p-vis" : "pane p-vis none"}
      aria-label={t("about_visitor")}
      data-pane
      tabIndex={-1}
    >
      <div class="mbar">
        <button type="button" class="ib" aria-label={t("back_chat")} onClick={back}>
          <Icon name="left" size={24} turn />
        </button>
        {t("about_visitor")}
      </div>
      {dossier && conv && <Card key={conv} conv={conv} dossier={dossier} />}
    </aside>
  );
}

function Card({ conv, dossier }: { conv: string; dossier: Dossier }) {
  const isEditing = useSignal(false);
  const { visits } = useDesk();
  const { visitor } = dossier;
  const stop = () => {
    isEditing.value = false;
  };
  return (
    <>
      <Head
        visitor={visitor}
        isEditing={isEditing.value}
        onEdit={() => {
          isEditing.value = !isEditing.value;
        }}
      />
      {isEditing.value ? (
        <VisitorForm conv={conv} visitor={visitor} onDone={stop} />
      ) : (
        <Contacts visitor={visitor} />
      )}
      {dossier.letter && <LetterTask conv={conv} letter={dossier.letter} />}
      <VisitOf conv={conv} />
      <Facts
        visitor={visitor}
        isVisitKnown={Boolean(visits?.ofDialogs.value.get(conv))}
      />
      <ShopBlocks conv={conv} />
      <Past past={dossier.past} />
    </>
  );
}

function Head({
  visitor,
  isEditing,
  onEdit,
}: {
  visitor: VisitorCard;
  isEditing: boolean;
  onEdit: () => void;
}) {
  const { t } = useDesk();
  const name = cardName(visitor, t);
  const count = visitor.dialogs ?? 0;
  return (
    <div class="vh1">
      <VisitorPicture name={name} number={visitor.number} size="s56" />
      <div class="grow">
        <h2 class="trunc">
          <bdi>{name}</bdi>
        </h2>
        <p class="t13 mut">
          {count > 1 ? t("came_times", { n: count }) : t("first_time")}
        </p>
      </div>
      <button
        type="button"
        class="ib sm"
        aria-label={t("edit_card")}
        title={t("edit_card")}
        aria-expanded={isEditing}
        onClick={onEdit}
      >
        <Icon name="note" />
      </button>
    </div>
  );
}

function Contacts({ visitor }: { visitor: VisitorCard }) {
  const { t } = useDesk();
  const { contact = "", email = "" } = visitor;
  if (!contact && !email) {
    return null;
  }
  return (
    <div class="chips">
      {contact && <ContactChip text={contact} />}
      {email && email !== contact && (
        <span class="chip" title={t("email_given")}>
          <Icon name="mail" size={14} />
          <bdi>{email}</bdi>
        </span>
      )}
    </div>
  );
}

function ContactChip({ text }: { text: string }) {
  const href = contactHref(text);
  const inner = (
    <>
      <Icon name={href?.startsWith("tel:") ? "phone" : "user"} size={14} />
      <bdi>{text}</bdi>
    </>
  );
  return href ? (
    <a class="chip acc" href={href} rel={LINK_REL}>
      {inner}
    </a>
  ) : (
    <span class="chip acc">{inner}</span>
  );
}

function Past({ past }: { past: readonly PastDialog[] }) {
  const { threads, lang, t } = useDesk();
  if (past.length === 0) {
    return null;
  }
  return (
    <div class="blk">
      <h3>
        {t("past_dialogs")} <span class="r num">{past.length}</span>
      </h3>
      {past.map((dialog) => (
        <button
          key={dialog.conv}
          type="button"
          class="past"
          onClick={() => threads.open(dialog.conv)}
        >
          <bdi class="trunc">{dialog.preview}</bdi>
          <Thumb thumb={dialog.thumb ?? ""} />
          <span class="dim num t12">
            {shortDay(dialog.at, lang)}
            {dialog.operator ? `, ${inline(firstName(dialog.operator))}` : ""}
          </span>
        </button>
      ))}
    </div>
  );
}

function Thumb({ thumb }: { thumb: string }) {
  const { t } = useDesk();
  if (thumb !== "up" && thumb !== "down") {
    return <span />;
  }
  const word = t(thumb === "up" ? "liked" : "disliked");
  return (
    <span class={thumb} role="img" aria-label={word} title={word}>
      <Icon name={thumb === "up" ? "like" : "dislike"} size={16} />
    </span>
  );
}
