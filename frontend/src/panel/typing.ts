/** Shows staff what is being typed, where the visitor and the shop allow it. */

import { MAX_DRAFT_LENGTH } from "../protocol";

/** At most two drafts a second. */
const PACE_MS = 500;

export interface Whisperer {
  /** The composer's text changed. */
  typed(text: string): void;
  /** It was sent or thrown away: say nothing more about it. */
  forget(): void;
}

/**
 * Return a whisperer that calls ``say`` with the newest text, not too often.
 *
 * With ``canShow`` false only the fact of typing is said, without the words.
 */
export function createWhisperer(
  say: (kind: "draft" | "typing", text: string) => void,
  canShow: () => boolean,
): Whisperer {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = "";
  const flush = () => {
    timer = undefined;
    if (canShow()) {
      say("draft", hideCards(latest).slice(0, MAX_DRAFT_LENGTH));
    } else if (latest) {
      say("typing", "");
    }
  };
  return {
    typed: (text) => {
      latest = text;
      timer ??= setTimeout(flush, PACE_MS);
    },
    forget: () => {
      clearTimeout(timer);
      timer = undefined;
      latest = "";
    },
  };
}

/**
 * Return the text with what may become a payment card's number blotted out.
 *
 * A draft is shown while it grows, so a run of digits counts before it is complete.
 */
export function hideCards(text: string): string {
  return text.replace(/\d(?:[ -]?\d){7,18}/g, (digits) => digits.replace(/\d/g, "•"));
}
