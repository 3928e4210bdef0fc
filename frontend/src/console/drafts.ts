/** What is written and not sent: one draft a dialog and a kind, kept over a reload. */

import type { Shelf } from "../core/storage";

export type Mode = "message" | "note";

const NAME = "console-drafts";
const SAVE_AFTER_MS = 1_000;

export class Drafts {
  private readonly texts: Map<string, string>;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly shelf: Shelf) {
    this.texts = new Map(read(shelf));
  }

  get(conv: string, mode: Mode): string {
    return this.texts.get(key(conv, mode)) ?? "";
  }

  /** Change a draft; it is saved within a second, or by ``save``. */
  set(conv: string, mode: Mode, text: string): void {
    if (text) {
      this.texts.set(key(conv, mode), text);
    } else {
      this.texts.delete(key(conv, mode));
    }
    this.timer ??= setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  /** Put all drafts away now; called when the page is hidden. */
  save(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.shelf.set(NAME, JSON.stringify([...this.texts]));
  }
}

function key(conv: string, mode: Mode): string {
  return `${mode}:${conv}`;
}

function read(shelf: Shelf): [string, string][] {
  try {
    const stored: unknown = JSON.parse(shelf.get(NAME) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isDraft) : [];
  } catch {
    return [];
  }
}

function isDraft(each: unknown): each is [string, string] {
  return (
    Array.isArray(each) && typeof each[0] === "string" && typeof each[1] === "string"
  );
}
