/** The heading: who is there, what they are doing, the panel's own buttons. */

import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { usePanel } from "./context";
import { openingWords } from "./opening";

/** The panel's first row. */
export function Header() {
  const { state, host, t } = usePanel();
  const isPhone = state.isPhone.value;
  return (
    <div class="cw-h">
      <Face />
      <div class="grow">
        <Title />
        <Status />
      </div>
      <button
        type="button"
        class="ib more"
        aria-label={t("more")}
        aria-haspopup="menu"
        aria-expanded={state.isMenuOpen.value}
        onClick={() => {
          state.isMenuOpen.value = !state.isMenuOpen.value;
        }}
      >
        <Icon name="dots" />
      </button>
      <button
        type="button"
        class="ib close"
        aria-label={t(isPhone ? "close" : "minimise")}
        onClick={() => host.minimise()}
      >
        <Icon name={isPhone ? "x" : "down"} size={24} />
      </button>
    </div>
  );
}

function Face() {
  const { state, settings, t } = usePanel();
  const operator = state.operator.value;
  if (operator) {
    return (
      <Avatar
        name={operator.name}
        photo={operator.photo ?? ""}
        dot={dotOf(operator.id)}
      />
    );
  }
  if (!state.isThere.value && state.isReady.value) {
    return (
      <Avatar name="">
        <Icon name="moon" />
      </Avatar>
    );
  }
  return <Avatar name={settings.shop || t("chat")} />;

  function dotOf(id: string) {
    if (!state.isThere.value) {
      return "away" as const;
    }
    // Only who is known to be there gets the green dot.
    const listed = state.availability.value.operators ?? [];
    return listed.some((each) => each.id === id) ? ("online" as const) : undefined;
  }
}

function Title() {
  const { state, settings, t } = usePanel();
  const operator = state.operator.value;
  const isNobody = !operator && !state.isThere.value && state.isReady.value;
  const nobody =
    state.availability.value.state === "away" ? t("away_title") : t("offline_title");
  const name = operator?.name || settings.shop || t("chat");
  return (
    <h2 class="trunc" id="title" tabIndex={-1}>
      <bdi>{isNobody ? nobody : name}</bdi>
    </h2>
  );
}

function Status() {
  const { state, settings, t } = usePanel();
  const { online = 0, answer_s, opens_at, state: word } = state.availability.value;
  const operator = state.operator.value;
  const isThere = state.isThere.value;
  if (!state.isReady.value) {
    return <div class="st skel" />;
  }
  if (state.isEnded.value && !state.isContinued.value) {
    return <div class="st trunc">{t("ended_status")}</div>;
  }
  if (operator) {
    const usual = answer_s ? t("answers_in", { t: answer_s }) : operator.title;
    const words = isThere ? usual || t("consultant") : t("operator_away");
    return <div class="st trunc">{words}</div>;
  }
  if (!isThere) {
    const words = opens_at
      ? openingWords(opens_at, settings.lang, t, state.now.value)
      : t("away_status");
    return <div class="st trunc">{words}</div>;
  }
  return (
    <div class="st">
      <i class="dot" aria-hidden="true" />
      {t(word === "busy" ? "busy_count" : "online_count", { n: online })}
    </div>
  );
}
