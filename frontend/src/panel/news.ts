/** What comes back from the server, put into the panel's state. */

import type { ConversationState } from "../core/store";
import type {
  Availability,
  ConversationForVisitor,
  Entry,
  EphRelay,
  OperatorCard,
  ServerFrame,
  VisitorSession,
} from "../protocol";
import { isSaid, type State } from "./state";

export interface NewsOptions {
  state: State;
  askSession: () => Promise<VisitorSession>;
  onAvailability: (availability: Availability) => void;
  /** The server no longer has the conversation. */
  onGone: (conv: string) => void;
}

const DOTS_MS = 5_000;

export class News {
  private readonly state: State;
  private readonly asked = new Set<string>();
  private dotsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: NewsOptions) {
    this.state = options.state;
  }

  /** A newer copy of a conversation. */
  hearCopy(copy: ConversationState): void {
    const { state } = this;
    if (copy.conv !== state.dialog.value?.id) {
      return;
    }
    if (copy.gone) {
      this.options.onGone(copy.conv);
      return;
    }
    const wasEnded = state.isEnded.value;
    const before = state.copy.value?.cursor ?? 0;
    const isLive = state.copy.value?.synced;
    state.copy.value = copy;
    if (
      isLive &&
      copy.entries.some((each) => each.seq > before && each.kind === "cart")
    ) {
      // The shop's page may draw its own cart anew.
      dispatchEvent(new Event("chatdesk:cart"));
    }
    if (copy.entries.some((entry) => entry.seq > before && isTheirs(entry))) {
      state.isTyping.value = false;
    }
    const hasEnded = state.isEnded.value && !wasEnded;
    if (hasEnded) {
      state.isCopyAsked.value = false;
    }
    if (this.findUnknown(copy.entries) || (hasEnded && copy.synced)) {
      void this.refreshDialog(copy.conv);
    }
  }

  /** A frame that is not about a log. */
  hearFrame(frame: ServerFrame): void {
    if (frame.type === "availability") {
      this.learn(frame.availability);
    } else if (frame.type === "queue") {
      if (frame.conv === this.state.dialog.value?.id) {
        this.state.queue.value = frame.queue ?? null;
      }
    } else if (frame.type === "eph") {
      this.showDots(frame);
    }
  }

  /** Whether anyone is there, and who. */
  learn(availability: Availability): void {
    this.state.availability.value = availability;
    this.meet(availability.operators ?? []);
    this.options.onAvailability(availability);
  }

  /** A dialog as the server describes it. */
  adopt(dialog: ConversationForVisitor): void {
    this.state.dialog.value = dialog;
    this.meet(dialog.operator ? [dialog.operator] : []);
  }

  private meet(operators: readonly OperatorCard[]): void {
    if (operators.length > 0) {
      const { cards } = this.state;
      const met = operators.map((card) => [card.id, card] as const);
      cards.value = new Map([...cards.value, ...met]);
    }
  }

  private showDots(frame: EphRelay): void {
    if (frame.author !== "operator" || frame.conv !== this.state.dialog.value?.id) {
      return;
    }
    this.state.isTyping.value = true;
    clearTimeout(this.dotsTimer);
    this.dotsTimer = setTimeout(() => {
      this.state.isTyping.value = false;
    }, DOTS_MS);
  }

  /** Entries name operators by id: tell whether one was never seen nor asked for. */
  private findUnknown(entries: readonly Entry[]): boolean {
    let isAnyNew = false;
    for (const { by } of entries) {
      if (by && !this.state.cards.value.has(by) && !this.asked.has(by)) {
        this.asked.add(by);
        isAnyNew = true;
      }
    }
    return isAnyNew;
  }

  /** Ask for what the log does not carry: cards, and until when a dialog can go on. */
  private async refreshDialog(conv: string): Promise<void> {
    try {
      const session = await this.options.askSession();
      const same = session.conversations?.find((each) => each.id === conv);
      this.learn(session.availability);
      if (same && this.state.dialog.value?.id === conv) {
        this.adopt(same);
      }
    } catch {
      // The log has the name; a photo can wait for the next page.
    }
  }
}

function isTheirs(entry: Entry): boolean {
  return entry.author === "operator" && isSaid(entry);
}
