/** How we use chats, in four sentences. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icons";
import { usePanel } from "./context";

/** The page that the menu and the composer lead to. */
export function Privacy() {
  const { state, settings, t } = usePanel();
  const back = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => back.current?.focus({ preventScroll: true }), []);
  return (
    <div class="cw-log use">
      <button
        type="button"
        class="btn quiet back"
        ref={back}
        onClick={() => {
          state.view.value = "chat";
        }}
      >
        <Icon name="left" size={16} directional />
        {t("back")}
      </button>
      <h3>{t("use_title")}</h3>
      <p>{t("use_read")}</p>
      {settings.peek && <p>{t("use_peek")}</p>}
      {settings.peek && (
        <label class="switched">
          <input
            type="checkbox"
            checked={state.isPeekOn.value}
            onChange={(event) => {
              state.isPeekOn.value = event.currentTarget.checked;
            }}
          />
          {t("peek_switch")}
        </label>
      )}
      <p>{t("use_cookie")}</p>
      <p>{t("use_copy")}</p>
    </div>
  );
}
