/** A letter as a task: by when, where to answer, and the way there by one press. */

import { safeLocale } from "../core/clock";
import type { Letter } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { LINK_REL, safeHref } from "./links";

/** Return where a messenger, mail or phone is opened; nothing for a trick. */
export function answerHref(link: string): string | null {
  return link.startsWith("viber://chat?number=%2B") ? link : safeHref(link);
}

/** What is owed to somebody who wrote while nobody was there. */
export function LetterTask({ conv, letter }: { conv: string; letter: Letter }) {
  const { lang, state, actions, t } = useDesk();
  const { contact = "", link = "", bounced = "" } = letter;
  const href = link ? answerHref(link) : null;
  const row = state.rows.value.get(conv);
  // The list hears of an answer before this card is fetched again.
  const isOpen = letter.state === "open" && (!row || Boolean(row.letter_due_at));
  const isMine = row?.owner === state.me.id;
  const isLate = isOpen && letter.due_at < state.now.value;
  const due = new Intl.DateTimeFormat(safeLocale(lang), {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(letter.due_at);
  return (
    <section class="blk" aria-label={t("letter")}>
      <h3>
        <Icon name="mail" size={16} /> {t("letter")}
      </h3>
      <p class={isLate ? "bad" : undefined}>
        {isOpen
          ? t(isLate ? "letter_late" : "letter_due", { time: due })
          : t("letter_done")}
      </p>
      <p>
        {!contact && t("letter_no_contact")}
        {contact &&
          (href ? (
            <a class="chip acc" href={href} rel={LINK_REL} target="_blank">
              <bdi>{contact}</bdi>
            </a>
          ) : (
            <span class="chip">
              <bdi>{contact}</bdi>
            </span>
          ))}
      </p>
      {isOpen && isMine && contact && letter.kind !== "email" && (
        <button
          type="button"
          class="btn sec sm"
          onClick={() => void actions.answeredElsewhere(conv)}
        >
          {t("letter_answered_there")}
        </button>
      )}
      {letter.is_junk && <p>{t("letter_junk")}</p>}
      {letter.mails_to && !bounced && (
        <p>{t("letter_mails_to", { email: letter.mails_to })}</p>
      )}
      {bounced && <p class="bad">{t("letter_bounced", { reason: bounced })}</p>}
    </section>
  );
}
