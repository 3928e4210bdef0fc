/** The tab of letters: whose each is, by when, and how it was answered. */

import { useEffect } from "preact/hooks";
import type { LetterLine } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { chosenLetters, LETTER_FILTERS, letterMark } from "./letters";
import { Empty, VisitorPicture } from "./parts";
import { firstName, inline, visitorName } from "./people";
import { shortWhen } from "./when";
import type { Key } from "./words";

export function LetterList() {
  const { state, letters, t } = useDesk();
  const mark = letterMark(state.rows.value.values());
  useEffect(() => {
    void letters.load();
  }, [letters, mark]);
  const filter = letters.filter.value;
  const isAnswered = filter === "answered";
  const lines = isAnswered ? letters.answered.value : letters.open.value;
  const shown = lines && letters.shown(state.me.id, state.now.value);
  return (
    <>
      <Filters />
      {letters.hasFailed.value && (
        <p class="lsec" role="alert">
          {t("err_network")}
        </p>
      )}
      {shown?.length === 0 && (
        <Empty
          icon="mail"
          title={t(isAnswered ? "letters_none" : "letters_empty")}
          hint={t("letters_hint")}
        />
      )}
      {shown?.map((line) => (
        <Line key={`${line.conv}${line.left_at}`} line={line} />
      ))}
      {isAnswered && letters.next.value !== null && (
        <button
          type="button"
          class="btn quiet sm more"
          onClick={() => void letters.loadMore()}
        >
          {t("more")}
        </button>
      )}
    </>
  );
}

function Filters() {
  const { state, letters, t } = useDesk();
  const open = letters.open.value ?? [];
  return (
    <fieldset class="filters letters">
      <legend class="vh">{t("show_only")}</legend>
      {LETTER_FILTERS.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={letters.filter.value === name}
          onClick={() => {
            letters.filter.value = name;
          }}
        >
          {t(`letters_${name}`)}
          {name !== "answered" && (
            <span class="num">
              {" "}
              {chosenLetters(open, name, state.me.id, state.now.value).length}
            </span>
          )}
        </button>
      ))}
    </fieldset>
  );
}

function Line({ line }: { line: LetterLine }) {
  const { state, threads, lang, t } = useDesk();
  const name = visitorName(line, t);
  const isOn = state.selected.value === line.conv;
  const isLate = line.state === "open" && line.due_at <= state.now.value;
  const owner = inline(firstName(line.owner_name ?? ""));
  const when = shortWhen(line.answered_at ?? line.due_at, lang, state.now.peek());
  return (
    <div class={isOn ? "d on" : "d"}>
      <button
        type="button"
        class="go"
        aria-current={isOn}
        onClick={() => threads.open(line.conv)}
      >
        <VisitorPicture name={name} number={line.visitor_number} />
        <span class="grow">
          <span class="nm">
            <bdi class="trunc">{name}</bdi>
            {owner && <span class="tag trunc">{owner}</span>}
          </span>
          <span class="pv trunc">
            <bdi>{line.preview}</bdi>
          </span>
          <span class="pv trunc">
            <Way line={line} />
          </span>
        </span>
        <span class={isLate ? "rt num bad" : "rt num"}>
          <span>
            {line.answered_at
              ? when
              : t(isLate ? "letters_was_due" : "letters_due", { time: when })}
          </span>
          <Icon
            name={line.answered_at ? "check" : isLate ? "alert" : "mail"}
            size={14}
          />
        </span>
      </button>
    </div>
  );
}

/** Where the answer went, or is to go. */
function Way({ line }: { line: LetterLine }) {
  const { t } = useDesk();
  const kind = line.kind ? t(`kind_${line.kind}` as Key) : t("letter_here");
  if (line.via === "link") {
    return <>{t("letter_via_link", { kind })}</>;
  }
  if (line.via) {
    return <>{t(line.via === "mail" ? "letter_via_mail" : "letter_via_here")}</>;
  }
  return (
    <>
      {kind}
      {line.contact && (
        <>
          {": "}
          <bdi>{line.contact}</bdi>
        </>
      )}
      {line.is_junk && ` (${t("letter_junk_short")})`}
    </>
  );
}
