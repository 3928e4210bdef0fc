/** A person's own photo, or initials until there is one. */

import type { ComponentChildren } from "preact";

interface Props {
  name: string;
  photo?: string;
  /** Side in pixels. */
  size?: 28 | 40 | 56;
  /** Presence as a shape: full, crescent; none when nothing is claimed. */
  dot?: "online" | "away" | undefined;
  children?: ComponentChildren;
}

const COLOURS = 6;

/** A round picture of a person, with presence where it is known. */
export function Avatar({ name, photo = "", size = 40, dot, children }: Props) {
  const face = photo ? (
    <img src={photo} alt="" width={size} height={size} loading="lazy" />
  ) : (
    (children ?? initials(name))
  );
  const colour = children ? "plain" : `c${colourOf(name)}`;
  return (
    <span class={`av s${size} ${colour}`} aria-hidden="true">
      {face}
      {dot && <i class={dot === "away" ? "dot away" : "dot"} />}
    </span>
  );
}

/** Return up to two initials, whole characters even outside the basic plane. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

/** Return the same colour, 1 to 6, for the same name everywhere. */
export function colourOf(name: string): number {
  let sum = 0;
  for (const letter of name) {
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  }
  return (sum % COLOURS) + 1;
}
