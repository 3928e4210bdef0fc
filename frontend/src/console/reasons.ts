/** Why somebody is away, in words: the shop's own as it wrote them. */

import type { Key, Words } from "./words";

const KNOWN: Readonly<Record<string, Key>> = {
  lunch: "reason_lunch",
  training: "reason_training",
  break: "reason_break",
  other: "reason_other",
  idle: "reason_idle",
  missed: "reason_missed",
};

export function reasonWords(reason: string, t: Words): string {
  const key = KNOWN[reason];
  return key ? t(key) : reason;
}
