/** The protocol as the rest of the front end may use it. */

export * from "./generated";

import type { Availability, Entry, Marks } from "./generated";

/** Answer of the visitor's long poll: entries, or a reset. */
export interface PollAnswer {
  conv?: string;
  epoch?: string;
  from?: number;
  to?: number;
  items?: Entry[];
  marks?: Marks;
  availability?: Availability;
  status?: string;
  retry_after?: number | null;
  reset?: "epoch" | "ahead" | "gone";
}

/** Answer to a message posted over HTTP. */
export interface PostedMessage {
  cmid: string;
  conv: string;
  seq: number;
  at: number;
  dup?: boolean;
  mismatch?: boolean;
}
