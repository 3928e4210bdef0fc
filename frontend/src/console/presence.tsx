/** The presence switch: a group of three, on a phone behind the one chosen. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { AbsenceButton, choose, HandOver } from "./absence";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { dotClass } from "./parts";
import type { Status } from "./state";

const STATUSES: readonly Status[] = ["online", "away", "offline"];
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

export function Presence() {
  const desk = useDesk();
  const { state, t } = desk;
  const isOpen = useSignal(false);
  const group = useRef<HTMLDivElement>(null);
  const status = state.status.value;
  useCloseOutside(group, isOpen);

  const pick = (next: Status) => {
    isOpen.value = false;
    choose(desk, next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const buttons = [...(group.current?.querySelectorAll("button") ?? [])];
    const place = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (step && place >= 0) {
      event.preventDefault();
      // Arrows only move: passing "Away" on the way to "Offline" is no choice.
      buttons[(place + step + buttons.length) % buttons.length]?.focus();
    }
  };

  return (
    <>
      <button
        type="button"
        class="pres-pill"
        aria-expanded={isOpen.value}
        aria-label={`${t("presence")}: ${t(status)}`}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <i class={dotClass(status)} />
        {t(status)}
        <Icon name="down" size={14} />
      </button>
      <div
        ref={group}
        class={isOpen.value ? "seg pres open" : "seg pres"}
        role="radiogroup"
        aria-label={t("presence")}
        onKeyDown={onKeyDown}
      >
        {STATUSES.map((each) => (
          // biome-ignore lint/a11y/useSemanticElements: a switch drawn as buttons
          <button
            key={each}
            type="button"
            role="radio"
            aria-checked={each === status}
            tabIndex={each === status ? 0 : -1}
            onClick={() => pick(each)}
          >
            <i class={dotClass(each)} />
            {t(each)}
          </button>
        ))}
      </div>
      <AbsenceButton />
      <HandOver />
    </>
  );
}

function useCloseOutside(
  group: { current: HTMLElement | null },
  isOpen: { value: boolean },
): void {
  useEffect(() => {
    const onPress = (event: Event) => {
      const target = event.target as Element;
      if (!group.current?.contains(target) && !target.closest(".pres-pill")) {
        isOpen.value = false;
      }
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [group, isOpen]);
}
