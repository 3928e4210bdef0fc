/** What a person meant to say: its states on the way to the log. */

export type IntentState = "waiting" | "sending" | "sent" | "failed";

export interface Intent {
  readonly cmid: string;
  /** The conversation, or ``NEW`` before the first message has made one. */
  readonly conv: string;
  readonly kind: "message" | "note";
  readonly text: string;
  /** Milliseconds; strictly rising within a tab, so it is the order too. */
  readonly madeAt: number;
  readonly state: IntentState;
  /** When the present attempt to deliver began; absent while waiting. */
  readonly since?: number;
  /** Of a refusal. */
  readonly code?: string;
  readonly reason?: string;
  /** Of an acknowledgement. */
  readonly seq?: number;
  readonly at?: number;
}

/** An intent's answer as any transport brings it. */
export interface Receipt {
  cmid: string;
  seq: number;
  at: number;
}

/** Stands for the conversation that the first message will make. */
export const NEW = "";

/** Order by the moment of writing. */
export function byAge(left: Intent, right: Intent): number {
  return left.madeAt - right.madeAt;
}

/** Whether it still has to be delivered. */
export function isPending(intent: Intent): boolean {
  return intent.state === "waiting" || intent.state === "sending";
}

/** Return a stored intent as it stands when it comes back. */
export function revive(intent: Intent, state: IntentState): Intent {
  return intent.state === "failed" ? intent : { ...intent, state, since: Date.now() };
}
