/** The button's faces: online, offline, unread, open. */

import type { OperatorCard } from "../protocol";
import { icon, make } from "./dom";
import type { Say, Word } from "./words";

export interface Face {
  isOpen: boolean;
  /** ``online busy away offline unknown``. */
  state: string;
  /** When a closed shop opens, in words. */
  back: string;
  unread: number;
  operator: OperatorCard | null;
}

const CHAT =
  "M10 3.2c4.1 0 7.3 2.7 7.3 6.2s-3.2 6.2-7.3 6.2c-.8 0-1.6-.1-2.3-.3L4.2 16.9l.6-2.9C3.4 12.9 2.7 11.3 2.7 9.4 2.7 5.9 5.9 3.2 10 3.2Z";
const LETTER = "M2.8 4.5h14.4v11H2.8Zm.4 1.3 6.8 5 6.8-5";
const DOWN = "m4.5 7.5 5.5 5.5 5.5-5.5";

/** Show ``face`` on the button and say it in its name. */
export function paint(button: HTMLButtonElement, face: Face, say: Say): void {
  const isThere = face.state === "online" || face.state === "busy";
  const isUnread = face.unread > 0 && !face.isOpen;
  const isLetter = !(isThere || face.isOpen || isUnread);
  button.className = isLetter ? "la off" : "la";
  button.setAttribute("aria-expanded", `${face.isOpen}`);
  button.setAttribute(
    "aria-label",
    say(nameOf(face, isThere), face.unread) + (isLetter ? face.back : ""),
  );
  button.replaceChildren(picture(face, isLetter, isUnread));
  if (isUnread) {
    const count = make("i", { class: "n" });
    count.textContent = face.unread > 99 ? "99+" : `${face.unread}`;
    button.append(count);
  } else if (isThere && !face.isOpen) {
    button.append(make("i"));
  }
}

function nameOf(face: Face, isThere: boolean): Word {
  if (face.isOpen) {
    return "minimise";
  }
  if (face.unread > 0) {
    return face.unread > 1 ? "many" : "one";
  }
  return isThere ? "online" : "offline";
}

function picture(face: Face, isLetter: boolean, isUnread: boolean): Element {
  const photo = face.operator?.photo;
  if (isUnread && photo) {
    return make("img", { src: photo, alt: "" });
  }
  if (face.isOpen) {
    return icon(DOWN);
  }
  return icon(isLetter ? LETTER : CHAT);
}
