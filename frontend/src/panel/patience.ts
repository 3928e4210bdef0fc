/** Asks until there is an answer, as long as another try can help. */

import { HttpError } from "../core/http";
import { backoff } from "../core/socket";
import { onWake } from "../core/wake";

const LEAST_MS = 1_000;

/**
 * Return the answer of ``ask``, tried again after each passing failure, at once when
 * the network comes back. Throws only a refusal that is final.
 */
export async function askPatiently<Answer>(
  ask: () => Promise<Answer>,
  onFailure: (error: HttpError) => void,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof HttpError && error.isTransient)) {
        throw error;
      }
      onFailure(error);
      const asked = (error.retryAfter ?? 0) * 1000;
      await pauseOrWake(Math.max(LEAST_MS, asked, backoff(attempt)));
    }
  }
}

function pauseOrWake(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const stop = onWake(done);
  });
}
