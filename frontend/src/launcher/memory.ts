/** Two notes that outlive the page; a browser that refuses storage keeps none. */

/** This browser has an open dialog: listen for answers although the panel is closed. */
export const OPEN_DIALOG = "chatdesk:dialog";
/** This tab's visitor left the panel open and goes on through the shop. */
export const OPEN_PANEL = "chatdesk:panel";

type Area = "localStorage" | "sessionStorage";

export function isNoted(area: Area, name: string): boolean {
  try {
    return window[area][name] !== undefined;
  } catch {
    return false;
  }
}

export function note(area: Area, name: string, value: boolean): void {
  try {
    if (value) {
      window[area][name] = "1";
    } else {
      delete window[area][name];
    }
  } catch {
    // Nothing depends on the note.
  }
}
