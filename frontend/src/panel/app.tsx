/** The panel: heading, log, composer. */

import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icons";
import { Composer } from "./composer";
import { usePanel } from "./context";
import { Header } from "./header";
import { Menu } from "./menu";
import { Privacy } from "./privacy";
import { Thread } from "./thread";

/** The dialog that the launcher opens. */
export function App() {
  const { state, host } = usePanel();
  const box = useRef<HTMLElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") {
      return;
    }
    event.stopPropagation();
    if (state.isMenuOpen.value) {
      state.isMenuOpen.value = false;
      box.current?.querySelector<HTMLElement>(".more")?.focus();
    } else {
      host.minimise();
    }
  };
  return (
    <section
      ref={box}
      id="panel"
      class="cw"
      role="dialog"
      aria-labelledby="title"
      aria-modal={state.isPhone.value}
      hidden={!state.isOpen.value}
      onKeyDown={onKeyDown}
    >
      <Header />
      {state.isMenuOpen.value && <Menu />}
      <Band />
      {state.view.value === "privacy" ? <Privacy /> : <Thread />}
      {state.view.value === "chat" && <Foot />}
      <div class="vh" role="alert">
        {state.alert.value || <FailedAloud />}
      </div>
    </section>
  );
}

/** How long a connection may be away before it is worth a word. */
const PATIENCE_MS = 2_500;

function Band() {
  const { state, t } = usePanel();
  const isCut = useComputed(
    () => state.link.value === "down" || state.link.value === "connecting",
  );
  const [isShown, show] = useState(false);
  useEffect(() => {
    if (!isCut.value) {
      show(false);
      return;
    }
    const timer = setTimeout(() => show(true), navigator.onLine ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [isCut.value]);
  const alert = state.alert.value;
  return (
    <>
      <div role="status">
        {isShown && (
          <div class="band">
            <Icon name="noWifi" size={16} />
            {t("no_connection")}
          </div>
        )}
      </div>
      {alert && (
        <div class="band bad">
          <Icon name="alert" size={16} />
          <span class="grow">{alert}</span>
          <button
            type="button"
            class="ib sm"
            aria-label={t("close_note")}
            onClick={() => {
              state.alert.value = "";
            }}
          >
            <Icon name="x" size={16} />
          </button>
        </div>
      )}
    </>
  );
}

/** The composer; after the end, what can be done instead. */
function Foot() {
  const { state, chat, t } = usePanel();
  if (!state.isEnded.value || state.isContinued.value) {
    return <Composer />;
  }
  const canGoOn = (state.dialog.value?.reopens_until ?? 0) > state.now.value;
  const write = () => {
    state.focusWish.value += 1;
  };
  return (
    <div class="cw-c after">
      <button
        type="button"
        class="btn sec wide"
        onClick={() => {
          chat.startNew();
          write();
        }}
      >
        {t("start_new")}
      </button>
      {canGoOn && (
        <button
          type="button"
          class="btn quiet wide"
          onClick={() => {
            state.isContinued.value = true;
            write();
          }}
        >
          {t("go_on")}
        </button>
      )}
    </div>
  );
}

function FailedAloud() {
  const { state, t } = usePanel();
  const hasFailed = state.intents.value.some((intent) => intent.state === "failed");
  return hasFailed ? t("not_sent") : null;
}
