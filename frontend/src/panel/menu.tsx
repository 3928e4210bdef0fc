/** Everything optional, so that the conversation stays clean. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icons";
import { usePanel } from "./context";

/** What the dots open: copy, privacy, typing, the end. */
export function Menu() {
  const { state, chat, settings, t } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const hasWords = state.entries.value.length > 0;

  useLayoutEffect(() => {
    itemsOf(box.current)[0]?.focus();
  }, []);

  const close = () => {
    state.isMenuOpen.value = false;
  };
  const choose = (act: () => void) => () => {
    close();
    act();
  };
  const end = () =>
    void chat.end().catch(() => {
      state.alert.value = t("end_failed");
    });

  return (
    <div
      class="menu"
      role="menu"
      aria-label={t("more")}
      ref={box}
      onKeyDown={(event) => move(event, box.current)}
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (next instanceof Node && !box.current?.contains(next)) {
          close();
        }
      }}
    >
      {hasWords && (
        <MenuItem
          icon="mail"
          text={t("menu_copy")}
          onChoose={choose(() => {
            state.isCopyAsked.value = true;
          })}
        />
      )}
      {hasWords && !state.isEnded.value && !state.isWaiting.value && (
        <MenuItem
          icon="chat"
          text={t("menu_contact")}
          onChoose={choose(() => {
            state.isContactAsked.value = true;
          })}
        />
      )}
      <MenuItem
        icon="info"
        text={t("how_we_use")}
        onChoose={choose(() => {
          state.view.value = "privacy";
        })}
      />
      {settings.peek && <PeekItem />}
      {hasWords && !state.isEnded.value && (
        <>
          <hr />
          <MenuItem icon="x" text={t("menu_end")} onChoose={choose(end)} />
        </>
      )}
    </div>
  );
}

interface ItemProps {
  icon: "mail" | "chat" | "info" | "x";
  text: string;
  onChoose: () => void;
}

function MenuItem({ icon, text, onChoose }: ItemProps) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={onChoose}>
      <Icon name={icon} />
      <span class="grow">{text}</span>
    </button>
  );
}

function PeekItem() {
  const { state, t } = usePanel();
  const isOn = state.isPeekOn.value;
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={isOn}
      tabIndex={-1}
      onClick={() => {
        state.isPeekOn.value = !isOn;
      }}
    >
      <Icon name="eye" />
      <span class="grow">{t("peek_switch")}</span>
      <span class={isOn ? "switch on" : "switch"} aria-hidden="true" />
    </button>
  );
}

function itemsOf(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
}

function move(event: KeyboardEvent, box: HTMLElement | null): void {
  const items = itemsOf(box);
  const root = box?.getRootNode() as ShadowRoot | Document | undefined;
  const at = items.indexOf(root?.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length)?.focus();
  }
}
