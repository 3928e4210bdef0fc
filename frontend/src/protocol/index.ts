/** The protocol as the rest of the front end may use it. */

export * from "./generated";

import type { PollAnswer, PollReset, Reset, Sent } from "./generated";

/** What a long poll brings: entries, or that the copy cannot be continued. */
export type PollResult = PollAnswer | PollReset | Gone;

/** Made by this client when the conversation may no longer be followed. */
export interface Gone {
  conv: string;
  epoch: string;
  reset: Reset["reason"];
}

/** Answer to a message posted over HTTP. */
export type PostedMessage = Omit<Sent, "type">;
