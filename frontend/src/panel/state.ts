/** What the panel knows, as signals; only ``chat.ts`` and its parts write here. */

import { computed, type Signal, signal } from "@preact/signals";
import { type Intent, NEW } from "../core/outbox";
import type { ConversationState } from "../core/store";
import { isClosed } from "../core/store";
import type { Link } from "../core/sync";
import type {
  Availability,
  ConversationForVisitor,
  Entry,
  OperatorCard,
  QueuePlace,
} from "../protocol";

/** What fills the panel under its heading. */
export type View = "chat" | "privacy";

export type State = ReturnType<typeof createState>;

/** Return the state of a panel that knows nothing yet. */
export function createState() {
  const dialog = signal<ConversationForVisitor | null>(null);
  const copy = signal<ConversationState | null>(null);
  const intents = signal<readonly Intent[]>([]);
  const cards: Signal<ReadonlyMap<string, OperatorCard>> = signal(new Map());
  const availability = signal<Availability>({ state: "unknown" });
  const seenUpTo = signal(0);
  const isContinued = signal(false);

  const entries = computed<readonly Entry[]>(() => copy.value?.entries ?? []);
  const isThere = computed(() => ["online", "busy"].includes(availability.value.state));
  const isEnded = computed(() => {
    const known = copy.value;
    const hasBegun = known !== null && known.cursor > 0;
    return hasBegun ? isClosed(known) : dialog.value?.status === "closed";
  });
  const operator = computed(() => leadingOperator(entries.value, cards.value, dialog));
  /** What this browser has still to send in the dialog that is shown. */
  const ownIntents = computed(() => {
    const conv = dialog.value?.id ?? NEW;
    // Words whose conversation is being made belong to it already.
    return intents.value.filter((each) => each.conv === conv || each.conv === NEW);
  });
  const isReady = signal(false);
  const isWaiting = computed(() => {
    const last = entries.value.filter((each) => each.kind === "message").at(-1);
    return last?.author !== "operator" && !isEnded.value;
  });
  const letter = computed(() => openLetter(entries.value));
  const unread = computed(() => {
    const from = Math.max(copy.value?.marks.visitor_read ?? 0, seenUpTo.value);
    return entries.value.filter(
      (entry) => entry.author === "operator" && isSaid(entry) && entry.seq > from,
    ).length;
  });

  return {
    dialog,
    copy,
    intents,
    cards,
    availability,
    seenUpTo,
    isContinued,
    entries,
    isThere,
    isEnded,
    operator,
    unread,
    ownIntents,
    isReady,
    /** Whether nothing was said and nobody is there: the panel is a letter form. */
    isLetter: computed(
      () =>
        isReady.value &&
        !isThere.value &&
        !dialog.value?.head &&
        entries.value.length + ownIntents.value.length === 0,
    ),
    /** The letter that stands for what has no answer yet. */
    letter,
    /** Whether its author took it back: then nobody has helped or failed to. */
    isWithdrawn: computed(
      () =>
        letter.value !== undefined &&
        entries.value.filter((each) => each.kind === "closed").at(-1)?.author ===
          "visitor",
    ),
    /** Where to answer: as it is being typed, and as it was given and is on its way. */
    contact: signal(""),
    given: signal(""),
    isContactOpen: signal(false),
    isContactAsked: signal(false),
    /** Whether an answer of a person is due. */
    isWaiting,
    /** Whether he was told that it takes longer, and may leave a contact. */
    isRescued: computed(
      () =>
        isWaiting.value &&
        entries.value.some((each) => each.kind === "auto" && isRescue(each)),
    ),
    /** Where he stands in line, as the server last said. */
    queue: signal<QueuePlace | null>(null),
    link: signal<Link>("idle"),
    isTyping: signal(false),
    isOpen: signal(false),
    isPhone: signal(false),
    isMenuOpen: signal(false),
    isCopyAsked: signal(false),
    view: signal<View>("chat"),
    draft: signal(""),
    /** Rises when the composer should have the focus. */
    focusWish: signal(0),
    isPeekOn: signal(true),
    /** Said aloud and shown over the log until it is put away. */
    alert: signal(""),
    now: signal(Date.now()),
  };
}

function isRescue(entry: Entry): boolean {
  return entry.data?.step === "rescue";
}

function openLetter(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>((letter, each) => {
    if (each.kind === "letter") {
      return each;
    }
    return each.kind === "message" && each.author === "operator" ? undefined : letter;
  }, undefined);
}

/** Return who talks with the visitor: the latest to speak or to take the dialog. */
function leadingOperator(
  entries: readonly Entry[],
  cards: ReadonlyMap<string, OperatorCard>,
  dialog: Signal<ConversationForVisitor | null>,
): OperatorCard | null {
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry?.by && (isSaid(entry) || entry.kind === "taken")) {
      return cards.get(entry.by) ?? nameless(entry, entries);
    }
  }
  return dialog.value?.operator ?? null;
}

/** Stand in for a card that has not come: the log itself tells who took the dialog. */
function nameless(entry: Entry, entries: readonly Entry[]): OperatorCard | null {
  const taken = entries.find((each) => each.kind === "taken" && each.by === entry.by);
  const name = taken?.data?.name;
  return typeof name === "string" && entry.by ? { id: entry.by, name } : null;
}

/** Whether an entry is something said to the other: words, a card, a proposal. */
export function isSaid({ kind }: Entry): boolean {
  return /^(message|product|offer)$/.test(kind);
}
