/** Letters and mail: what this chunk hands to the panel. */

export { LetterCard } from "./card";
export { CopyCard } from "./copy";
