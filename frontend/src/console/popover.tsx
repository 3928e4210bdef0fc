/** A box beside its button: closed by Escape, by a press elsewhere, by leaving it. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  class: string;
  onClose: () => void;
  children: ComponentChildren;
}

const FOCUSABLE = "button, [href], input, select, textarea, [tabindex='0']";

export function Popover({ label, class: name, onClose, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const opener = document.activeElement;
    box.current?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    const onPress = (event: Event) => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !opener?.contains(target)) {
        close.current();
      }
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close.current();
        if (opener instanceof HTMLElement) {
          opener.focus();
        }
      }
    };
    document.addEventListener("pointerdown", onPress);
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      document.removeEventListener("keydown", onKey, true);
    };
  }, []);
  return (
    <div
      ref={box}
      class={`pop ${name}`}
      role="dialog"
      aria-label={label}
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (next instanceof Node && !event.currentTarget.contains(next)) {
          onClose();
        }
      }}
    >
      {children}
    </div>
  );
}
