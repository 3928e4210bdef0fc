/** HTTP twins of the socket's frames, for networks that block sockets. */

import { type Nack, type PollResult, type PostedMessage, RETRYABLE } from "../protocol";
import { type Http, HttpError } from "./http";
import type { Intent } from "./outbox";

/** What a long poll is asked for. */
export interface PollQuery {
  conv: string;
  cursor: number;
  epoch: string;
  /** How far the other side is known to be: it is news when it is further. */
  delivered: number;
  read: number;
  /** Whether the server may hold the answer back until there is news. */
  wait: boolean;
  signal: AbortSignal;
}

/** What a socket's frames say, over requests. */
export interface Twin {
  post(intent: Intent): Promise<PostedMessage>;
  mark(conv: string, marks: { delivered?: number; read?: number }): Promise<unknown>;
  /** Without a text it says only that somebody types; an empty one takes it back. */
  whisper(conv: string, text: string | null): Promise<unknown>;
}

/** A twin that also follows a conversation. */
export interface PolledTwin extends Twin {
  poll(query: PollQuery): Promise<PollResult>;
}

/** Longer than the 25 s for which the server may hold a poll. */
const POLL_LIMIT_MS = 32_000;

export function visitorTwin(http: Http): PolledTwin {
  const path = (conv: string, name: string) => `visitor/conversations/${conv}/${name}/`;
  return {
    ...wordsBy(http, path),
    poll: async ({ conv, cursor, epoch, delivered, read, wait, signal }) => {
      const query = new URLSearchParams({
        after: String(cursor),
        epoch,
        delivered: String(delivered),
        read: String(read),
        wait: wait ? "1" : "0",
      });
      const url = `${path(conv, "events")}?${query}`;
      const answer = await http.get<PollResult>(url, {
        signal,
        timeoutMs: POLL_LIMIT_MS,
      });
      return expected(answer, "reset" in answer || Array.isArray(answer.items));
    },
    whisper: (conv, text) =>
      http.post(path(conv, "typing"), text === null ? {} : { text }),
  };
}

/** Posting and marking, which both sides do alike, below their own paths. */
export function wordsBy(
  http: Http,
  path: (conv: string, name: string) => string,
): Pick<Twin, "post" | "mark"> {
  return {
    post: async ({ conv, cmid, text, kind }) => {
      const posted = await http.post<PostedMessage>(
        path(conv, "messages"),
        { body: { text }, kind },
        { headers: { "Idempotency-Key": cmid } },
      );
      return expected(posted, typeof posted.seq === "number");
    },
    mark: (conv, marks) => http.post(path(conv, "marks"), marks),
  };
}

/** Return the answer, or fail as if there were none: somebody else gave it. */
function expected<Answer>(answer: Answer, isOurs: boolean): Answer {
  if (!isOurs) {
    throw new HttpError(0, "network", "not an answer of the server");
  }
  return answer;
}

/** Return an error as the refusal it is; null when there was no answer at all. */
export function refusalOf(error: unknown, cmid: string): Omit<Nack, "type"> | null {
  if (!(error instanceof HttpError) || error.status === 0) {
    return null;
  }
  const { code, isTransient, retryAfter, message } = error;
  const final = !isTransient && !RETRYABLE.includes(code);
  return { cmid, code, final, retry_after: retryAfter, text: message };
}
