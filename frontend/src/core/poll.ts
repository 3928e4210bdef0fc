/** The long poll: follows one conversation over HTTP until it is stopped. */

import type { PollResult, ServerFrame } from "../protocol";
import { HttpError } from "./http";
import { backoff } from "./socket";
import type { ConversationState } from "./store";
import type { PolledTwin, PollQuery } from "./twin";

/** Brings over HTTP what the socket would, from ``start`` to ``stop``. */
export interface Runner {
  start(): void;
  stop(): void;
}

/** Whom a runner tells, and what it may know. */
export interface Ears {
  copies: () => readonly ConversationState[];
  onFrame: (frame: ServerFrame) => void;
  onReach: (reached: boolean) => void;
  /** The server asks not to come back. */
  onEnd: (code: number) => void;
}

const IDLE_MS = 1_000;
const GONE: readonly number[] = [401, 403, 404, 410];

export class Poller implements Runner {
  private controller: AbortController | null = null;

  constructor(
    private readonly twin: PolledTwin,
    private readonly ears: Ears,
  ) {}

  start(): void {
    if (!this.controller) {
      this.controller = new AbortController();
      void this.run(this.controller.signal);
    }
  }

  stop(): void {
    this.controller?.abort();
    this.controller = null;
  }

  private async run(signal: AbortSignal): Promise<void> {
    // The first answer comes at once, so that the page knows quickly where it stands.
    let wait = false;
    for (let failures = 0; !signal.aborted; ) {
      const place = this.position();
      if (!place) {
        await pause(IDLE_MS, signal);
        continue;
      }
      const askedAt = Date.now();
      try {
        const answer = await this.twin.poll({ ...place, wait, signal });
        if (signal.aborted) {
          return;
        }
        const took = Date.now() - askedAt;
        await this.take(answer, wait ? took : IDLE_MS, signal);
        failures = 0;
        wait = true;
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        this.fail(place.conv, error);
        wait = false;
        await pause(Math.max(IDLE_MS, askedPause(error), backoff(failures)), signal);
        failures += 1;
      }
    }
  }

  private async take(
    answer: PollResult,
    took: number,
    signal: AbortSignal,
  ): Promise<void> {
    this.ears.onReach(true);
    this.tell(answer);
    // A server that should have waited and did not must not be asked in a circle.
    const hasNews = "reset" in answer || answer.to >= answer.from;
    const least = hasNews ? 0 : Math.max(0, IDLE_MS - took);
    await pause(Math.max(least, pauseAfter(answer)), signal);
  }

  private fail(conv: string, error: unknown): void {
    if (error instanceof HttpError && GONE.includes(error.status)) {
      this.tell({ conv, epoch: "", reset: "gone" });
    } else {
      this.ears.onReach(false);
    }
  }

  private tell(answer: PollResult): void {
    for (const frame of framesOf(answer)) {
      this.ears.onFrame(frame);
    }
  }

  /** Where the copy ends that is followed now, if there is one. */
  private position(): Omit<PollQuery, "wait" | "signal"> | null {
    const copy = [...this.ears.copies()].reverse().find((each) => !each.gone);
    if (!copy) {
      return null;
    }
    const { conv, cursor, epoch, marks } = copy;
    const { operator_delivered: delivered, operator_read: read } = marks;
    return { conv, cursor, epoch, delivered, read };
  }
}

/** Return a poll's answer as the frames that the socket would have brought. */
function framesOf(answer: PollResult): ServerFrame[] {
  const { conv, epoch } = answer;
  if ("reset" in answer) {
    return [{ type: "reset", conv, epoch, reason: answer.reset }];
  }
  const { from, to, items, marks, availability, queue = null } = answer;
  const frames: ServerFrame[] = [
    { type: "synced", conv, seq: to, marks },
    { type: "availability", availability },
    { type: "queue", conv, queue },
  ];
  return to < from
    ? frames
    : [{ type: "events", conv, epoch, from, to, items }, ...frames];
}

function pauseAfter(answer: PollResult): number {
  return "reset" in answer ? 0 : (answer.retry_after ?? 0) * 1000;
}

export function askedPause(error: unknown): number {
  return error instanceof HttpError ? (error.retryAfter ?? 0) * 1000 : 0;
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
