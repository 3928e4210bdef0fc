/** The shop inside the dialog: what this chunk hands to the panel. */

export { ShopLine } from "./line";
