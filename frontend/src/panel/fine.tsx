/** The line under the composer: what happens to what is typed, and its switch. */

import { Icon } from "../ui/icons";
import { usePanel } from "./context";
import { firstName } from "./words";

/** Before the first message a promise, then what those who are there can see. */
export function Fine() {
  const { state, settings, t } = usePanel();
  const isThere = state.isThere.value;
  if (state.dialog.value === null || !settings.peek || !isThere) {
    return (
      <p class="fine">
        {isThere && `${t("no_forms")} `}
        <button
          type="button"
          onClick={() => {
            state.view.value = "privacy";
          }}
        >
          {t("how_we_use")}
        </button>
      </p>
    );
  }
  const isOn = state.isPeekOn.value;
  const operator = state.operator.value;
  const disclosed = operator
    ? t("peek_on", { name: firstName(operator.name) })
    : t("peek_on_us");
  return (
    <p class="fine">
      {isOn && <Icon name="eye" size={14} />}
      {isOn ? disclosed : t("peek_off")}{" "}
      <button
        type="button"
        onClick={() => {
          state.isPeekOn.value = !isOn;
        }}
      >
        {t(isOn ? "turn_off" : "turn_on")}
      </button>
    </p>
  );
}
