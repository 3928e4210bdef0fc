/**
 * Keeps copies of conversations equal to the server's, over the socket or without.
 *
 * Says where each copy ends, applies what comes, fills holes by asking again, tells
 * the server what was applied and seen, and carries the outbox. When the socket cannot
 * be opened or stays silent the HTTP twins take over; the socket is tried on, and the
 * twins step back as soon as it works.
 */

import type { Eph, Events, Heads, Hello, ServerFrame } from "../protocol";
import { makeId } from "./ids";
import { type Intent, NEW, type Outbox } from "./outbox";
import { Pace } from "./pace";
import type { Ears, Runner } from "./poll";
import { ChatSocket, type SocketState } from "./socket";
import {
  apply,
  type ConversationState,
  emptyConversation,
  isLogFrame,
  type LogFrame,
  noteHead,
} from "./store";
import { refusalOf, type Twin } from "./twin";

/** ``live`` by socket, ``polling`` by HTTP; words travel in both. */
export type Link = "idle" | "connecting" | "live" | "polling" | "down" | "ended";

export interface SyncOptions {
  socketUrl: string;
  /** Seconds since a person touched the page; the server then knows who is idle. */
  idle?: () => number;
  outbox: Outbox;
  /** The HTTP side, and who follows over it; without them there is no fallback. */
  twin?: Twin;
  follow?: (ears: Ears) => Runner;
  onConversation: (state: ConversationState) => void;
  onLink: (link: Link, code: number) => void;
  /** Every frame that is not about a log: availability, inbox, presence, eph, nack … */
  onFrame?: (frame: ServerFrame) => void;
}

const FALLBACK_MS = 6_000;
const ACK_SOON_MS = 200;
const ACK_PACE_MS = 1_000;
const ACK_MANY = 50;
const HOLE_MS = 2_000;

export class Sync {
  link: Link = "idle";
  private readonly copies = new Map<string, ConversationState>();
  private readonly socket: ChatSocket;
  private readonly poller: Runner | undefined;
  private readonly tab = makeId();
  private readonly seen = new Map<string, number>();
  private readonly acks = new Pace();
  private readonly acked = new Map<string, { seq: number; at: number }>();
  private readonly holes = new Pace();
  private fallbackTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SyncOptions) {
    this.socket = new ChatSocket({
      url: options.socketUrl,
      idle: options.idle,
      hello: () => ({ tab: this.tab, resume: this.resume([...this.copies.keys()]) }),
      onFrame: (frame) => this.receive(frame),
      onState: (state, code) => this.onSocket(state, code),
    });
    this.poller = options.follow?.({
      copies: () => [...this.copies.values()],
      onFrame: (frame) => this.receive(frame),
      onReach: (reached) => this.onReach(reached),
      onEnd: (code) => this.end(code),
    });
  }

  start(): void {
    this.socket.start();
  }

  stop(): void {
    clearTimeout(this.fallbackTimer);
    this.acks.stop();
    this.holes.stop();
    this.poller?.stop();
    this.socket.stop();
    this.change("idle", 0);
  }

  /** Try the network now: the person asked for it. */
  wake(): void {
    this.socket.wake();
  }

  get(conv: string): ConversationState | undefined {
    return this.copies.get(conv);
  }

  /** Follow a conversation from where ``known`` ends, or from its first entry. */
  follow(conv: string, known: Partial<ConversationState> = {}): void {
    if (!this.copies.has(conv)) {
      this.put(emptyConversation(conv, known));
      this.ask(conv);
    }
  }

  /** Forget a copy; the server may still send its entries to this socket. */
  unfollow(conv: string): void {
    this.copies.delete(conv);
    this.seen.delete(conv);
  }

  /** A person saw the entries up to ``seq``. */
  read(conv: string, seq: number): void {
    if (seq <= (this.seen.get(conv) ?? 0)) {
      return;
    }
    if (this.link === "live" && this.socket.send({ type: "read", conv, seq })) {
      this.seen.set(conv, seq);
    } else if (this.link === "polling") {
      this.seen.set(conv, seq);
      this.twinDoes((twin) => twin.mark(conv, { delivered: seq, read: seq }));
    }
  }

  /** Show the other side what is being typed; lost when there is no network. */
  whisper(conv: string, kind: NonNullable<Eph["kind"]>, text = ""): void {
    if (this.link === "polling") {
      this.twinDoes((twin) => twin.whisper(conv, kind === "draft" ? text : null));
    } else {
      this.socket.send({ type: "eph", conv, kind, ...(text ? { text } : {}) });
    }
  }

  private receive(frame: ServerFrame): void {
    if (isLogFrame(frame)) {
      this.applyLog(frame);
    } else if (frame.type === "sent") {
      this.options.outbox.settle(frame);
    } else if (frame.type === "heads") {
      this.compare(frame);
    } else {
      if (frame.type === "nack") {
        this.options.outbox.refuse(frame);
      }
      this.options.onFrame?.(frame);
    }
  }

  private applyLog(frame: LogFrame): void {
    const before = this.copies.get(frame.conv);
    if (!before) {
      return;
    }
    const after = apply(before, frame);
    if (after !== before) {
      this.put(after);
    }
    if (frame.type === "events") {
      this.afterEvents(frame, after);
    } else if (frame.type === "reset" && !after.gone) {
      this.ask(frame.conv);
    } else if (frame.type === "synced") {
      this.readAgain(after);
    }
  }

  /** What was read may have been lost with the process that was told. */
  private readAgain({ conv, marks }: ConversationState): void {
    const { visitor_read: visitor = 0, operator_read: operator = 0 } = marks;
    const seq = this.seen.get(conv) ?? 0;
    if (this.link === "live" && Math.min(visitor, operator) < seq) {
      this.socket.send({ type: "read", conv, seq });
    }
  }

  private afterEvents(frame: Events, after: ConversationState): void {
    this.options.outbox.absorb(frame.items.map((entry) => entry.cmid));
    this.ackSoon(frame.conv);
    if (after.head > after.cursor) {
      this.watchHole(frame.conv, frame.from > after.cursor + 1 ? 0 : HOLE_MS);
    }
  }

  private compare(frame: Heads): void {
    for (const [conv, head] of Object.entries(frame.heads)) {
      const copy = this.copies.get(conv);
      if (copy && head > copy.cursor) {
        this.copies.set(conv, noteHead(copy, head));
        this.watchHole(conv, HOLE_MS);
      }
    }
  }

  /** Ask again from the cursor when what is missing does not come by itself. */
  private watchHole(conv: string, ms: number): void {
    this.holes.soon(conv, ms, () => {
      const copy = this.copies.get(conv);
      if (copy && copy.head > copy.cursor) {
        this.ask(conv);
        this.watchHole(conv, HOLE_MS);
      }
    });
  }

  private ask(conv: string): void {
    if (this.link === "live") {
      this.socket.greet(this.resume([conv]));
    }
  }

  /** Soon after a quiet moment, once a second in a lively dialog, at once after many. */
  private ackSoon(conv: string): void {
    const { seq, at } = this.acked.get(conv) ?? { seq: 0, at: 0 };
    const cursor = this.copies.get(conv)?.cursor ?? 0;
    if (cursor - seq >= ACK_MANY) {
      this.ack(conv);
    } else {
      const wait = Math.max(ACK_SOON_MS, at + ACK_PACE_MS - Date.now());
      this.acks.soon(conv, wait, () => this.ack(conv));
    }
  }

  private ack(conv: string): void {
    const seq = this.copies.get(conv)?.cursor ?? 0;
    this.acked.set(conv, { seq, at: Date.now() });
    if (this.link === "polling") {
      this.twinDoes((twin) => twin.mark(conv, { delivered: seq }));
    } else if (seq > 0) {
      this.socket.send({ type: "ack", conv, seq });
    }
  }

  private onSocket(state: SocketState, code: number): void {
    if (state === "open") {
      clearTimeout(this.fallbackTimer);
      this.fallbackTimer = undefined;
      this.poller?.stop();
      this.change("live", 0);
      this.options.outbox.connect((intent) => this.carryBySocket(intent));
    } else if (state === "ended") {
      this.poller?.stop();
      this.change("ended", code);
    } else if (state !== "idle" && this.link !== "polling") {
      this.change(state, code);
      this.fallbackTimer ??= setTimeout(() => this.poller?.start(), FALLBACK_MS);
    }
  }

  private onReach(reached: boolean): void {
    if (reached && this.link !== "polling") {
      this.change("polling", 0);
      this.options.outbox.connect((intent) => this.carryByTwin(intent));
    } else if (!reached && this.link === "polling") {
      this.change("down", 0);
    }
  }

  private end(code: number): void {
    this.socket.stop();
    this.poller?.stop();
    this.change("ended", code);
  }

  private carryBySocket(intent: Intent): void {
    const { cmid, conv, kind, text } = intent;
    if (this.options.twin && !this.copies.has(conv)) {
      // Left by an earlier page: a socket takes words of what it follows alone.
      this.carryByTwin(intent);
    } else if (conv !== NEW) {
      this.socket.send({ type: "send", cmid, conv, kind, body: { text } });
    }
  }

  private carryByTwin(intent: Intent): void {
    const { outbox, twin } = this.options;
    if (intent.conv !== NEW) {
      twin?.post(intent).then(
        (posted) => outbox.settle(posted),
        (error: unknown) => {
          const refusal = refusalOf(error, intent.cmid);
          if (refusal) {
            outbox.refuse(refusal);
          }
        },
      );
    }
  }

  private change(link: Link, code: number): void {
    if (link === this.link) {
      return;
    }
    const carried = this.link === "live" || this.link === "polling";
    this.link = link;
    if (carried && link !== "live" && link !== "polling") {
      this.options.outbox.disconnect();
    }
    this.options.onLink(link, code);
  }

  private put(state: ConversationState): void {
    this.copies.set(state.conv, state);
    this.options.onConversation(state);
  }

  private resume(convs: readonly string[]): NonNullable<Hello["resume"]> {
    return convs.flatMap((conv) => {
      const copy = this.copies.get(conv);
      return copy && !copy.gone
        ? [{ conv, cursor: copy.cursor, epoch: copy.epoch }]
        : [];
    });
  }

  private twinDoes(act: (twin: Twin) => Promise<unknown>): void {
    const { twin } = this.options;
    if (twin) {
      void act(twin).catch(() => undefined);
    }
  }
}
