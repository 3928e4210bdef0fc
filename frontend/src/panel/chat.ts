/** What the visitor does: the panel's dealings with the server. */

import { effect } from "@preact/signals";
import { noteServerTime } from "../core/clock";
import type { Http, HttpError } from "../core/http";
import { type Intent, NEW, Outbox } from "../core/outbox";
import { Poller } from "../core/poll";
import { createShelf, type RecordStore } from "../core/storage";
import { type Link, Sync } from "../core/sync";
import { visitorTwin } from "../core/twin";
import { onWake } from "../core/wake";
import type {
  Availability,
  ConversationForVisitor,
  CopyAnswer,
  OpeningHours,
  PostSession,
  Stretch,
  VisitorSession,
} from "../protocol";
import { Goodbye } from "../protocol";
import { News } from "./news";
import { Owner } from "./owner";
import { askPatiently } from "./patience";
import type { State } from "./state";

export interface ChatOptions {
  root: string;
  lang: string;
  http: Http;
  state: State;
  records: RecordStore<Intent>;
  onAvailability: (availability: Availability) => void;
  /** Somebody else is here than before: nothing of the former may stay. */
  onNewOwner: () => void;
}

/** Name under which the tabs of one browser share what was not sent yet. */
export const OUTBOX = "visitor";
const COME_BACK_MS = 3_000;

export class Chat {
  private readonly http: Http;
  private readonly state: State;
  private readonly outbox: Outbox;
  private readonly sync: Sync;
  private readonly news: News;
  private readonly owner = new Owner(
    createShelf(() => sessionStorage),
    createShelf(() => localStorage),
  );
  private beginning: Promise<void> | null = null;
  private comeBack: (() => void) | undefined;

  constructor(private readonly options: ChatOptions) {
    const { http, state, records, root } = options;
    this.http = http;
    this.state = state;
    this.outbox = new Outbox(
      records,
      (intents) => {
        state.intents.value = intents;
      },
      OUTBOX,
    );
    this.news = new News({
      state,
      askSession: () => this.askSession(),
      onAvailability: options.onAvailability,
      onGone: (conv) => this.onGone(conv),
    });
    const twin = visitorTwin(http);
    this.sync = new Sync({
      socketUrl: `${root}ws/visitor/`,
      outbox: this.outbox,
      twin,
      follow: (ears) => new Poller(twin, ears),
      onConversation: (copy) => this.news.hearCopy(copy),
      onLink: (link, code) => this.onLink(link, code),
      onFrame: (frame) => this.news.hearFrame(frame),
    });
  }

  /** Find out where things stand, and go on with what an earlier page left. */
  async start(): Promise<void> {
    effect(() => this.readWhatIsSeen());
    await this.outbox.load();
    await this.resumeSession();
  }

  /** Say something; the first words make the conversation. */
  async send(text: string): Promise<void> {
    const conv = this.state.dialog.value?.id ?? NEW;
    this.state.isContinued.value = false;
    this.state.isCopyAsked.value = false;
    await this.outbox.add(conv, text);
    this.comeBack?.();
    this.beginIfNeeded();
  }

  /** Try words again that were refused. */
  retry(cmid: string): void {
    this.outbox.retry(cmid);
    this.beginIfNeeded();
  }

  /** Throw away words that were refused. */
  withdraw(cmid: string): void {
    this.outbox.withdraw(cmid);
  }

  /** Show staff that something is being typed, or what. */
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

  /** Say whether it helped, with or without a word. */
  async rate(thumb: "up" | "down", comment: string): Promise<void> {
    await this.ask("rating", { thumb, comment });
    const { dialog } = this.state;
    if (dialog.value) {
      dialog.value = { ...dialog.value, thumb };
    }
  }

  /** Have the conversation sent by e-mail; an unproven address needs a code first. */
  async mailCopy(email: string, code: string): Promise<CopyAnswer> {
    return (await this.ask<CopyAnswer>("transcript", { email, code })) ?? {};
  }

  /** Make the dialog a letter, or only say where to answer; ``key`` makes it one. */
  async leave(name: "letter" | "contact", contact: string, key: string): Promise<void> {
    await this.ask(name, { contact }, { "Idempotency-Key": key });
  }

  /** Ask the shop about the dialog, or tell it; then with the shop's own token. */
  shop<Answer>(path: string, body?: object, token = ""): Promise<Answer> {
    const whole = `visitor/conversations/${this.state.dialog.value?.id}/${path}`;
    return body
      ? this.http.post(whole, body, { headers: { "X-CSRFToken": token } })
      : this.http.get(whole);
  }

  /** Leave the ended dialog; the next words make a new one. */
  startNew(): void {
    const { state } = this;
    if (state.dialog.value) {
      this.sync.unfollow(state.dialog.value.id);
    }
    state.dialog.value = null;
    state.copy.value = null;
    state.queue.value = null;
    state.seenUpTo.value = 0;
    state.isContinued.value = false;
    state.isCopyAsked.value = false;
  }

  /** Ask when somebody is there in the days to come. */
  async askHours(): Promise<readonly Stretch[]> {
    return (await this.http.get<OpeningHours>("visitor/hours/")).stretches ?? [];
  }

  /** Ask whether anyone is there, while no socket would tell. */
  async refreshAvailability(): Promise<void> {
    if (this.sync.link === "idle") {
      this.news.learn(await this.http.get<Availability>("visitor/status/"));
    }
  }

  private async resumeSession(): Promise<void> {
    const { state } = this;
    const session = await this.insist(() => this.askSession());
    if (session) {
      noteServerTime(session.server_time);
      if (this.owner.isNew(session)) {
        this.outbox.clear();
        this.options.onNewOwner();
      }
      this.news.learn(session.availability);
      const current = chooseDialog(session.conversations ?? [], session.server_time);
      if (current && state.dialog.value === null) {
        this.follow(current);
      }
    }
    state.isReady.value = true;
    this.beginIfNeeded();
  }

  private follow(dialog: ConversationForVisitor): void {
    this.news.adopt(dialog);
    this.sync.follow(dialog.id);
    this.sync.start();
  }

  /** Make the conversation for words that have none. */
  private beginIfNeeded(): void {
    if (this.outbox.list(NEW).some((intent) => intent.state !== "failed")) {
      this.beginning ??= this.begin().finally(() => {
        this.beginning = null;
      });
    }
  }

  private async begin(): Promise<void> {
    if (this.sync.link === "idle") {
      // Nothing carries these words before the conversation exists; they are on
      // their way all the same.
      this.outbox.connect(() => undefined);
    }
    const dialog =
      this.state.dialog.value ?? (await this.insist(() => this.askConversation()));
    if (dialog) {
      this.owner.begins(dialog.epoch);
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
      const { code, message } = error as HttpError;
      for (const { cmid } of this.outbox.list(NEW)) {
        this.outbox.refuse({ cmid, code, final: true, text: message });
      }
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

  private onLink(link: Link, code: number): void {
    if (link === "ended" && code === Goodbye.REPLACED) {
      this.restUntilUsed();
      return;
    }
    this.state.link.value = link;
    if (link === "ended") {
      // The cookie no longer opens this conversation: see who this browser is now.
      this.startNew();
      this.sync.stop();
      setTimeout(() => void this.resumeSession(), COME_BACK_MS);
    }
  }

  /** Too many tabs are open: this one, which nobody looked at, waits until he does. */
  private restUntilUsed(): void {
    this.comeBack = () => {
      this.comeBack = undefined;
      removeEventListener("focus", back);
      stop();
      this.sync.start();
    };
    const back = () => this.comeBack?.();
    const stop = onWake(back);
    addEventListener("focus", back);
  }

  private onGone(conv: string): void {
    this.startNew();
    void this.resumeSession()
      .then(() => this.outbox.move(conv, NEW))
      .then(() => this.beginIfNeeded());
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

  private async ask<Answer>(
    name: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Answer | undefined> {
    const conv = this.state.dialog.value?.id;
    return conv
      ? this.http.post<Answer>(`visitor/conversations/${conv}/${name}/`, body, {
          headers,
        })
      : undefined;
  }

  private askSession(): Promise<VisitorSession> {
    return this.http.post("visitor/session/", pageSeen(this.options.lang));
  }

  private askConversation(): Promise<ConversationForVisitor> {
    return this.http.post("visitor/conversations/", pageSeen(this.options.lang));
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

/** Return where the visitor writes from. */
function pageSeen(language: string): PostSession {
  return {
    page_url: location.href.slice(0, 1000),
    page_title: document.title.slice(0, 300),
    referrer: document.referrer.slice(0, 1000),
    language: language.slice(0, 35),
  };
}
