/** The workspace without a socket: asks every two seconds for what it has missed. */

import { type Http, HttpError } from "../core/http";
import { makeId } from "../core/ids";
import { askedPause, type Ears, pause, type Runner } from "../core/poll";
import { backoff } from "../core/socket";
import { type Twin, wordsBy } from "../core/twin";
import { Goodbye, type PolledFrames, type PostPoll } from "../protocol";

const PACE_MS = 2_000;
/** As many as one question may name; those left out wait for a socket. */
const MOST_COPIES = 50;
const ENDS: Readonly<Record<number, number>> = {
  401: Goodbye.AUTH_GONE,
  403: Goodbye.ACCESS_GONE,
};

/** Asking is the heartbeat too: who asks is here, and idle for so many seconds. */
export class DeskPoller implements Runner {
  private controller: AbortController | null = null;
  private readonly tab = makeId();

  constructor(
    private readonly http: Http,
    private readonly idle: () => number,
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
    for (let failures = 0; !signal.aborted; ) {
      try {
        this.take(await this.ask(signal), signal);
        failures = 0;
        await pause(PACE_MS, signal);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        this.fail(error);
        await pause(Math.max(PACE_MS, askedPause(error), backoff(failures)), signal);
        failures += 1;
      }
    }
  }

  private async ask(signal: AbortSignal): Promise<PolledFrames> {
    const copies = this.ears.copies().filter((copy) => !copy.gone);
    const question: PostPoll = {
      tab: this.tab,
      idle: this.idle(),
      hidden: document.visibilityState === "hidden",
      resume: copies
        .slice(-MOST_COPIES)
        .map(({ conv, cursor, epoch }) => ({ conv, cursor, epoch })),
    };
    const answer = await this.http.post<PolledFrames>("operator/poll/", question, {
      signal,
    });
    if (!Array.isArray(answer.frames)) {
      throw new HttpError(0, "network", "not an answer of the server");
    }
    return answer;
  }

  private take(answer: PolledFrames, signal: AbortSignal): void {
    if (signal.aborted) {
      return;
    }
    this.ears.onReach(true);
    for (const frame of answer.frames) {
      this.ears.onFrame(frame);
    }
  }

  private fail(error: unknown): void {
    const code = error instanceof HttpError ? ENDS[error.status] : undefined;
    if (code === undefined) {
      this.ears.onReach(false);
    } else {
      this.ears.onEnd(code);
    }
  }
}

/** Words and marks over requests; what is being typed is not told without a socket. */
export function operatorTwin(http: Http): Twin {
  return {
    ...wordsBy(http, (conv, name) => `operator/conversations/${conv}/${name}/`),
    whisper: () => Promise.resolve(),
  };
}
