/** What a visitor writes and has not sent. */

import { useDesk } from "./desk";
import { Icon } from "./icons";
import { inline } from "./people";
import type { Peek } from "./state";

const TYPING_MS = 5_000;
const KEPT_MS = 60_000;

/** Tell whether a key was pressed a moment ago. */
export function isTypingNow(peek: Peek, now: number): boolean {
  return now - peek.at < TYPING_MS;
}

/** Tell whether there is still something to show. */
export function isShown(peek: Peek, now: number): boolean {
  return now - peek.at < (peek.text ? KEPT_MS : TYPING_MS);
}

/** The dashed bubble, hidden from screen readers, with a command that reads it out. */
export function PeekBubble({ peek, name }: { peek: Peek; name: string }) {
  const { state, t } = useDesk();
  const now = state.now.value;
  if (!isShown(peek, now)) {
    return null;
  }
  if (!peek.text) {
    return (
      <div
        class="typing"
        role="img"
        aria-label={t("peek_typing", { name: inline(name) })}
      >
        <i />
        <i />
        <i />
      </div>
    );
  }
  const readOut = () => {
    state.spoken.value = t("peek_says", {
      name: inline(name),
      text: inline(peek.text),
    });
  };
  return (
    <>
      <div class="peek" aria-hidden="true">
        <bdi>{peek.text}</bdi>
        <i />
      </div>
      <div class="peekmt">
        <Icon name="eye" size={14} />
        <span aria-hidden="true">
          {t(isTypingNow(peek, now) ? "peek_now" : "peek_then")}
        </span>
        <button type="button" class="vh show-on-focus" onClick={readOut}>
          {t("peek_read")}
        </button>
      </div>
    </>
  );
}
