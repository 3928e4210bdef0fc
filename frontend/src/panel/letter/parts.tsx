/** Letters and mail: what this chunk hands to the panel. */

export { LetterCard } from "./card";
export { ContactAsk } from "./contact-ask";
export { CopyCard } from "./copy";
export { giveContact, LetterRest, QuestionLabel } from "./form";
export { HoursCard } from "./hours";
