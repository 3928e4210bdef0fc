/** What the visitor does, and what comes back: the panel's dealings with the server. */

import { effect } from "@preact/signals";
import { noteServerTime } from "../core/clock";
import type { Http, HttpError } from "../core/http";
import { type Intent, NEW, type Outbox } from "../core/outbox";
import type { ConversationState } from "../core/store";
import { type Link, Sync } from "../core/sync";
import { visitorTwin } from "../core/twin";
import type {
  Availability,
  ConversationForVisitor,
  EphRelay,
  PostSession,
  ServerFrame,
  VisitorSession,
} from "../protocol";
import { askPatiently } from "./patience";
import { People } from "./people";
import type { State } from "./state";

export interface ChatOptions {
  root: string;
  lang: string;
  http: Http;
  state: State;
  makeOutbox: (onChange: (intents: readonly Intent[]) => void) => Promise<Outbox>;
  onAvailability: (availability: Availability) => void;
}

const DOTS_MS = 5_000;

export class Chat {
  private readonly http: Http;
  private readonly state: State;
  private outbox!: Outbox;
  private sync!: Sync;
  private dotsTimer: ReturnType<typeof setTimeout> | undefined;
  private beginning: Promise<void> | null = null;
  private readonly people: People;

  constructor(private readonly options: ChatOptions) {
    this.http = options.http;
    this.state = options.state;
    this.people = new People(options.state);
  }

  /** Find out where things stand, and go on with what an earlier page left. */
  async start(): Promise<void> {
    const { state } = this;
    this.outbox = await this.options.makeOutbox((intents) => {
      state.intents.value = intents;
    });
    this.sync = new Sync({
      socketUrl: `${this.options.root}ws/visitor/`,
      outbox: this.outbox,
      twin: visitorTwin(this.http),
      onConversation: (copy) => this.onCopy(copy),
      onLink: (link) => this.onLink(link),
      onFrame: (frame) => this.onFrame(frame),
    });
    await this.outbox.load();
    void this.resumeSession();
    effect(() => this.readWhatIsSeen());
  }

  /** Say something; the first words make the conversation. */
  async send(text: string): Promise<void> {
    const conv = this.state.dialog.value?.id ?? NEW;
    this.state.isContinued.value = false;
    this.state.isCopyAsked.value = false;
    await this.outbox.add(conv, text);
    if (conv === NEW) {
      this.begin();
    }
  }

  retry(cmid: string): void {
    this.outbox.retry(cmid);
    if (this.state.dialog.value === null) {
      this.begin();
    }
  }

  withdraw(cmid: string): void {
    this.outbox.withdraw(cmid);
  }

  whisper(kind: "draft" | "typing", text: string): void {
    const conv = this.state.dialog.value?.id;
    if (conv && !this.state.isEnded.value) {
      this.sync.whisper(conv, kind, text);
    }
  }

  /** End the dialog; it may be gone on with for a day. */
  async end(): Promise<void> {
    await this.ask("close", {});
  }

  async rate(thumb: "up" | "down", comment: string): Promise<void> {
    await this.ask("rating", { thumb, comment });
    const { dialog } = this.state;
    if (dialog.value) {
      dialog.value = { ...dialog.value, thumb };
    }
  }

  async mailCopy(email: string): Promise<void> {
    await this.ask("transcript", { email });
  }

  /** Leave the ended dialog; the next words make a new one. */
  startNew(): void {
    const { state } = this;
    const ended = state.dialog.value;
    if (ended) {
      this.sync.unfollow(ended.id);
    }
    state.dialog.value = null;
    state.copy.value = null;
    state.seenUpTo.value = 0;
    state.isContinued.value = false;
    state.isCopyAsked.value = false;
  }

  /** Whether anyone is there, asked while no socket would tell. */
  async refreshAvailability(): Promise<void> {
    if (this.sync?.link === "idle") {
      this.learn(await this.http.get<Availability>("visitor/status/"));
    }
  }

  private async resumeSession(): Promise<void> {
    const session = await this.insist(() => this.askSession());
    if (session) {
      noteServerTime(session.server_time);
      this.adoptSession(session);
    }
    this.state.isReady.value = true;
    if (this.outbox.list(NEW).some((intent) => intent.state !== "failed")) {
      this.begin();
    }
  }

  private adoptSession(session: VisitorSession): void {
    this.learn(session.availability);
    const current = chooseDialog(session.conversations ?? [], session.server_time);
    if (current && this.state.dialog.value === null) {
      this.follow(current);
    }
  }

  private follow(dialog: ConversationForVisitor): void {
    this.state.dialog.value = dialog;
    this.people.meet(dialog.operator ? [dialog.operator] : []);
    this.sync.follow(dialog.id);
    this.sync.start();
  }

  private begin(): void {
    this.beginning ??= this.beginOnce().finally(() => {
      this.beginning = null;
    });
  }

  private async beginOnce(): Promise<void> {
    // Nothing can carry these words before the conversation exists; they are on
    // their way all the same.
    if (this.sync.link === "idle") {
      this.outbox.connect(() => undefined);
    }
    const dialog = await this.insist(() =>
      this.http.post<ConversationForVisitor>(
        "visitor/conversations/",
        pageSeen(this.options.lang),
      ),
    );
    if (dialog) {
      this.follow(dialog);
      await this.outbox.move(NEW, dialog.id);
    }
  }

  /** Ask until there is an answer; a final refusal fails what waits for it. */
  private async insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    try {
      const answer = await askPatiently(ask, (error) => this.noteFailure(error));
      if (this.sync.link === "idle") {
        this.state.link.value = "idle";
      }
      return answer;
    } catch (error) {
      this.refuseNew(error as HttpError);
      return null;
    }
  }

  private noteFailure(error: HttpError): void {
    this.state.isReady.value = true;
    if (this.sync.link === "idle" && error.status === 0) {
      this.outbox.disconnect();
      this.state.link.value = "down";
    }
  }

  private refuseNew(error: HttpError): void {
    for (const { cmid } of this.outbox.list(NEW)) {
      const { code, message } = error;
      this.outbox.refuse({ cmid, code, final: true, text: message });
    }
  }

  private async ask(name: string, body: object): Promise<void> {
    const conv = this.state.dialog.value?.id;
    if (conv) {
      await this.http.post(`visitor/conversations/${conv}/${name}/`, body);
    }
  }

  private onLink(link: Link): void {
    this.state.link.value = link;
    if (link === "ended") {
      // The cookie no longer opens this conversation: see who this browser is now.
      this.startNew();
      this.sync.stop();
      setTimeout(() => void this.resumeSession(), 3_000);
    }
  }

  private onCopy(copy: ConversationState): void {
    const { state } = this;
    if (copy.conv !== state.dialog.value?.id) {
      return;
    }
    if (copy.gone) {
      this.startNew();
      void this.outbox.move(copy.conv, NEW);
      return;
    }
    const wasEnded = state.isEnded.value;
    const before = state.copy.value?.cursor ?? 0;
    state.copy.value = copy;
    if (copy.entries.some((entry) => entry.seq > before && isTheirs(entry))) {
      state.isTyping.value = false;
    }
    const hasEnded = state.isEnded.value && !wasEnded;
    if (hasEnded) {
      state.isCopyAsked.value = false;
    }
    if (this.people.findUnknown(copy.entries) || (hasEnded && copy.synced)) {
      void this.refreshDialog();
    }
  }

  private onFrame(frame: ServerFrame): void {
    if (frame.type === "availability") {
      this.learn(frame.availability);
    } else if (frame.type === "eph") {
      this.onTyping(frame);
    }
  }

  private onTyping(frame: EphRelay): void {
    if (frame.author !== "operator" || frame.conv !== this.state.dialog.value?.id) {
      return;
    }
    this.state.isTyping.value = true;
    clearTimeout(this.dotsTimer);
    this.dotsTimer = setTimeout(() => {
      this.state.isTyping.value = false;
    }, DOTS_MS);
  }

  /** Ask for what the log does not carry: cards, and until when a dialog can go on. */
  private async refreshDialog(): Promise<void> {
    try {
      const session = await this.askSession();
      const { dialog } = this.state;
      const same = session.conversations?.find((each) => each.id === dialog.value?.id);
      this.learn(session.availability);
      if (same) {
        dialog.value = same;
        this.people.meet(same.operator ? [same.operator] : []);
      }
    } catch {
      // The log has the name; a photo can wait for the next page.
    }
  }

  private askSession(): Promise<VisitorSession> {
    return this.http.post("visitor/session/", pageSeen(this.options.lang));
  }

  private learn(availability: Availability): void {
    this.state.availability.value = availability;
    this.people.meet(availability.operators ?? []);
    this.options.onAvailability(availability);
  }

  /** Tell the other side what this person has before his eyes. */
  private readWhatIsSeen(): void {
    const { copy, isOpen, seenUpTo, unread, now } = this.state;
    const known = copy.value;
    // Reading the clock makes a page that comes back into view look again.
    if (!known || !isOpen.value || now.value === 0 || unread.value === 0) {
      return;
    }
    if (document.visibilityState === "visible" && document.hasFocus()) {
      this.sync.read(known.conv, known.cursor);
      seenUpTo.value = known.cursor;
    }
  }
}

/** Return the dialog to show first: an unfinished one, else one just ended. */
export function chooseDialog(
  dialogs: readonly ConversationForVisitor[],
  now: number,
): ConversationForVisitor | null {
  return (
    dialogs.find((each) => each.status !== "closed") ??
    dialogs.find((each) => (each.reopens_until ?? 0) > now) ??
    null
  );
}

function isTheirs(entry: { author: string; kind: string }): boolean {
  return entry.author === "operator" && entry.kind === "message";
}

/** Return where the visitor writes from. */
function pageSeen(language: string): PostSession {
  return {
    page_url: location.href.slice(0, 1000),
    page_title: document.title.slice(0, 300),
    referrer: document.referrer.slice(0, 1000),
    language: language.slice(0, 35),
  };
}
