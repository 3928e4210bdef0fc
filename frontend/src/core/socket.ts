/** One socket that keeps itself open: hello, beat, back-off, waking up. */

import type { Bye, ClientFrame, Hello, Ping, ServerFrame, Welcome } from "../protocol";
import { Goodbye } from "../protocol";
import { noteServerTime } from "./clock";
import { onWake } from "./wake";

/** ``ended`` means that the server asked not to come back. */
export type SocketState = "idle" | "connecting" | "open" | "down" | "ended";

/** What the owner of the socket adds to every hello. */
type Said = Omit<Hello, "type" | "v" | "hidden" | "idle" | "terse">;

export interface SocketOptions {
  /** Path or address of the socket; a path is taken on the page's own host. */
  url: string;
  /** What to say first on every connection. */
  hello: () => Said;
  /** Seconds since a person touched the page; only who is watched says so. */
  idle?: (() => number) | undefined;
  onFrame: (frame: ServerFrame) => void;
  onState: (state: SocketState, code: number) => void;
}

const WELCOME_LIMIT_MS = 6_000;
const PROBE_LIMIT_MS = 3_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_LAST_MS = 30_000;
const MISSED_LIMIT = 2;
const FINAL: readonly number[] = [
  Goodbye.AUTH_GONE,
  Goodbye.ACCESS_GONE,
  Goodbye.REPLACED,
];
const UNHURRIED: readonly number[] = [Goodbye.FLOOD, Goodbye.MALFORMED];

/** Return how long to wait before try number ``attempt``, counted from 0. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  // Full jitter: clients that fell together must not come back together.
  return random() * Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** attempt);
}

export class ChatSocket {
  state: SocketState = "idle";
  private link: WebSocket | null = null;
  private attempt = 0;
  private missed = 0;
  private bye: Bye | null = null;
  private retryTimer: Timer;
  private welcomeTimer: Timer;
  private beatTimer: Timer;
  private probeTimer: Timer;
  private stopWaking: (() => void) | null = null;

  constructor(private readonly options: SocketOptions) {}

  /** Connect, and stay connected until ``stop``. */
  start(): void {
    if (this.state !== "idle" && this.state !== "ended") {
      return;
    }
    this.attempt = 0;
    this.stopWaking ??= onWake(() => this.wake());
    this.connect();
  }

  stop(): void {
    this.stopWaking?.();
    this.stopWaking = null;
    this.drop();
    this.change("idle", 1000);
  }

  /** Send a frame when the socket is open; tell whether it was handed over. */
  send(frame: ClientFrame): boolean {
    if (this.state !== "open" || this.link?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.link.send(JSON.stringify(frame));
    return true;
  }

  /** Say hello again, to follow further conversations or to fill a hole. */
  greet(resume: NonNullable<Hello["resume"]>): boolean {
    return this.send(this.helloFrame({ resume }));
  }

  /** Try at once when down; make sure of the other end when open. */
  wake(): void {
    if (this.state === "down") {
      this.attempt = 0;
      this.connect();
    } else if (this.state === "open") {
      this.ping();
      clearTimeout(this.probeTimer);
      this.probeTimer = setTimeout(() => this.lose(0), PROBE_LIMIT_MS);
    }
  }

  private connect(): void {
    this.drop();
    this.bye = null;
    this.change("connecting", 0);
    let link: WebSocket;
    try {
      link = new WebSocket(absolute(this.options.url));
    } catch {
      this.lose(0);
      return;
    }
    this.link = link;
    this.welcomeTimer = setTimeout(() => this.lose(0), WELCOME_LIMIT_MS);
    link.onopen = () =>
      link.send(JSON.stringify(this.helloFrame(this.options.hello())));
    link.onmessage = (event) => this.receive(event.data);
    link.onclose = (event) => this.lose(event.code);
    link.onerror = () => undefined;
  }

  private receive(data: unknown): void {
    const frame = parse(data);
    if (!frame) {
      return;
    }
    this.missed = 0;
    clearTimeout(this.probeTimer);
    if (frame.type === "welcome") {
      this.welcome(frame);
    } else if (frame.type === "bye") {
      this.bye = frame;
    }
    this.options.onFrame(frame);
  }

  private welcome(frame: Welcome): void {
    if (this.state === "open") {
      return;
    }
    clearTimeout(this.welcomeTimer);
    noteServerTime(frame.server_time);
    this.attempt = 0;
    this.beatTimer = setInterval(() => this.beat(), Math.max(1, frame.beat_s) * 1000);
    this.change("open", 0);
  }

  private beat(): void {
    if (this.missed >= MISSED_LIMIT) {
      this.lose(0);
      return;
    }
    this.missed += 1;
    this.ping();
  }

  private ping(): void {
    const frame: Ping = { type: "ping", t: Date.now(), hidden: isHidden() };
    this.send({ ...frame, ...this.idle() });
  }

  private lose(closeCode: number): void {
    const code = this.bye?.code ?? closeCode;
    const wait = this.bye?.reconnect_after ?? null;
    this.drop();
    if (FINAL.includes(code)) {
      this.change("ended", code);
      return;
    }
    this.change("down", code);
    const asked = wait === null ? 0 : wait * 1000 * (1 + Math.random() * 0.5);
    const least = UNHURRIED.includes(code) ? BACKOFF_LAST_MS / 2 : asked;
    const delay = Math.max(least, backoff(this.attempt));
    this.attempt += 1;
    this.retryTimer = setTimeout(() => this.connect(), delay);
  }

  private drop(): void {
    clearTimeout(this.retryTimer);
    clearTimeout(this.welcomeTimer);
    clearTimeout(this.probeTimer);
    clearInterval(this.beatTimer);
    this.missed = 0;
    const link = this.link;
    this.link = null;
    if (link) {
      link.onopen = link.onmessage = link.onclose = link.onerror = null;
      link.close();
    }
  }

  private change(state: SocketState, code: number): void {
    if (state !== this.state) {
      this.state = state;
      this.options.onState(state, code);
    }
  }

  private helloFrame(said: Said): Hello {
    const hello: Hello = { type: "hello", v: 1, hidden: isHidden(), terse: true };
    return { ...hello, ...this.idle(), ...said };
  }

  private idle(): { idle?: number } {
    const { idle } = this.options;
    return idle ? { idle: idle() } : {};
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;

function isHidden(): boolean {
  return document.visibilityState === "hidden";
}

function absolute(url: string): string {
  const address = new URL(url, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

function parse(data: unknown): ServerFrame | null {
  try {
    const frame = JSON.parse(String(data)) as ServerFrame | null;
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
