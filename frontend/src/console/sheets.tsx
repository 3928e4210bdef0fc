/** What opens over the page: the list of keys, and the operator's own day. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { shortTime } from "./alarm";
import { useDesk } from "./desk";
import { percent } from "./parts";
import { Rules } from "./rules";
import { monthName } from "./when";
import type { Key } from "./words";

const KEYS: readonly [readonly string[], Key][] = [
  [["T"], "key_take"],
  [["J", "K"], "key_next"],
  [["R"], "key_reply"],
  [["N"], "key_note"],
  [["/"], "key_canned"],
  [["P"], "key_product"],
  [["M"], "key_hand"],
  [["H"], "key_hold"],
  [["E"], "key_close"],
  [["Ctrl Enter"], "key_send_next"],
  [["Alt 1", "2", "3"], "key_presence"],
  [["F6"], "key_panes"],
  [["?"], "key_help"],
];

export function Sheets() {
  const { state } = useDesk();
  switch (state.sheet.value) {
    case "keys":
      return <Keys />;
    case "results":
      return <Results />;
    case "rules":
      return <Rules />;
    default:
      return null;
  }
}

export function Sheet({
  title,
  children,
}: {
  title: string;
  children: ComponentChildren;
}) {
  const { state, t } = useDesk();
  const sheet = useRef<HTMLDialogElement>(null);
  const close = () => {
    state.sheet.value = null;
  };
  useEffect(() => {
    const opener = document.activeElement;
    sheet.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement) {
        opener.focus();
      }
    };
  }, []);
  return (
    <dialog ref={sheet} class="sheet" aria-labelledby="sheet-title" onClose={close}>
      <h2 id="sheet-title">{title}</h2>
      {children}
      <div class="foot">
        <button type="button" class="btn sec" onClick={close}>
          {t("done")}
        </button>
      </div>
    </dialog>
  );
}

function Keys() {
  const { t } = useDesk();
  return (
    <Sheet title={t("shortcuts")}>
      <p class="t13 mut">{t("keys_hint")}</p>
      <dl class="keys">
        {KEYS.map(([keys, word]) => (
          <>
            <dt>
              {keys.map((each) => (
                <kbd key={each} class="kbd">
                  {each}
                </kbd>
              ))}
            </dt>
            <dd>{t(word)}</dd>
          </>
        ))}
      </dl>
    </Sheet>
  );
}

function Results() {
  const { state, actions, lang, t } = useDesk();
  useEffect(() => void actions.refreshDay(), [actions]);
  const { dialogs = 0, likes = 0, dislikes = 0, ...day } = state.day.value;
  const figures: [string, string][] = [
    [t("answered_today"), String(dialogs)],
    [t("likes"), String(likes)],
    [t("dislikes"), String(dislikes)],
  ];
  if (typeof day.within_goal === "number") {
    const label = t("within", { n: state.limits.goal });
    figures.unshift([label, percent(day.within_goal, lang)]);
  }
  if (typeof day.first_reply_s === "number") {
    figures.unshift([t("first_reply"), shortTime(Math.round(day.first_reply_s), t)]);
  }
  for (const { month, sums } of state.earned.value) {
    const label = t("commission_of", { month: monthName(month, lang) });
    figures.push([label, sums.join(" + ")]);
  }
  return (
    <Sheet title={t("today")}>
      {dialogs === 0 && <p class="mut">{t("no_figures")}</p>}
      <dl class="figs">
        {figures.map(([label, value]) => (
          <div key={label} class="fig">
            <dt>{label}</dt>
            <dd class="num">{value}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
