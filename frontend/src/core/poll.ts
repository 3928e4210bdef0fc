/** The long poll: follows one conversation over HTTP until it is stopped. */

import type { PollResult, ServerFrame } from "../protocol";
import { HttpError } from "./http";
import { backoff } from "./socket";
import type { PollQuery, Twin } from "./twin";

/** Where a copy ends, and how far the other side is known to be. */
export type Position = Omit<PollQuery, "wait" | "signal">;

export interface PollerOptions {
  twin: Twin;
  /** Where the copy ends now; null when there is nothing to follow. */
  position: () => Position | null;
  onAnswer: (answer: PollResult) => void;
  onReach: (reached: boolean) => void;
}

const IDLE_MS = 1_000;
const GONE: readonly number[] = [401, 403, 404, 410];

export class Poller {
  private controller: AbortController | null = null;

  constructor(private readonly options: PollerOptions) {}

  get running(): boolean {
    return this.controller !== null;
  }

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
      const place = this.options.position();
      if (!place) {
        await pause(IDLE_MS, signal);
        continue;
      }
      const askedAt = Date.now();
      try {
        const answer = await this.options.twin.poll({ ...place, wait, signal });
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
    this.options.onReach(true);
    this.options.onAnswer(answer);
    // A server that should have waited and did not must not be asked in a circle.
    const hasNews = "reset" in answer || answer.to >= answer.from;
    const least = hasNews ? 0 : Math.max(0, IDLE_MS - took);
    await pause(Math.max(least, pauseAfter(answer)), signal);
  }

  private fail(conv: string, error: unknown): void {
    if (error instanceof HttpError && GONE.includes(error.status)) {
      this.options.onAnswer({ conv, epoch: "", reset: "gone" });
    } else {
      this.options.onReach(false);
    }
  }
}

/** Return a poll's answer as the frames that the socket would have brought. */
export function framesOf(answer: PollResult): ServerFrame[] {
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

function askedPause(error: unknown): number {
  return error instanceof HttpError ? (error.retryAfter ?? 0) * 1000 : 0;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
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
