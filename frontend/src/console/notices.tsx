/** Bands over the dialogs: put away by the server, rules that are to be confirmed. */

import { useDesk } from "./desk";
import { Icon } from "./icons";

export function Notices() {
  return (
    <>
      <PutAway />
      <OwedRules />
    </>
  );
}

function PutAway() {
  const { state, actions, t } = useDesk();
  const { reason } = state.absence.value;
  if (state.status.value !== "away" || reason !== "missed") {
    return null;
  }
  return (
    <div class="lost" role="alert">
      <Icon name="alert" size={16} />
      <span class="grow">{t("put_away_missed")}</span>
      <button
        type="button"
        class="btn sec sm"
        onClick={() => void actions.choosePresence("online")}
      >
        {t("i_am_back")}
      </button>
    </div>
  );
}

function OwedRules() {
  const { state, t } = useDesk();
  if (!state.owesConfirmation.value) {
    return null;
  }
  return (
    <div class="lost" role="status">
      <Icon name="doc" size={16} />
      <span class="grow">{t("rules_new")}</span>
      <button
        type="button"
        class="btn sec sm"
        onClick={() => {
          state.sheet.value = "rules";
        }}
      >
        {t("rules_read")}
      </button>
    </div>
  );
}
