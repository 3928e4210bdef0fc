/** What is done by mail: what this chunk hands to the panel. */

export { CopyCard } from "./copy";
