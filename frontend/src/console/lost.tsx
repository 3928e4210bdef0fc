/** The band that says that the connection is gone, and what becomes of the words. */

import { Goodbye } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";

export function LostBand() {
  const { state, t } = useDesk();
  const link = state.link.value;
  if (link === "ended") {
    return <Ended />;
  }
  const isLost = link === "down" || (link === "connecting" && state.hasInbox.value);
  return isLost ? (
    <div class="lost" role="status">
      <Icon name="lost" size={16} />
      <span class="grow">{t("lost")}</span>
    </div>
  ) : null;
}

function Ended() {
  const { state, config, sync, t } = useDesk();
  const code = state.linkCode.value;
  return (
    <div class="lost bad" role="alert">
      <Icon name="lost" size={16} />
      {code === Goodbye.AUTH_GONE && (
        <>
          <span class="grow">{t("ended_auth")}</span>
          {config.login && (
            <a class="btn sec sm" href={config.login}>
              {t("sign_in")}
            </a>
          )}
        </>
      )}
      {code === Goodbye.ACCESS_GONE && <span class="grow">{t("ended_access")}</span>}
      {code === Goodbye.REPLACED && (
        <>
          <span class="grow">{t("ended_replaced")}</span>
          <button type="button" class="btn sec sm" onClick={() => sync.start()}>
            {t("use_here")}
          </button>
        </>
      )}
    </div>
  );
}
