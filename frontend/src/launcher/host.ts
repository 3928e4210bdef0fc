/** What the launcher and the panel, two scripts, agree upon. Types only. */

import type { Table } from "../core/strings";
import type { Availability, OperatorCard } from "../protocol";

/**
 * The page's tag: the same for every visitor, so that pages can be cached.
 *
 * Its data: ``root`` (where the shop included chatdesk), ``panel``, ``css``,
 * ``strings``, ``letter`` (addresses), ``shop``, ``topic`` (what is asked about), ``chips`` (a JSON
 * list of beginnings of a question), ``peek`` ("0" when staff see no drafts),
 * ``cdOffset`` (pixels to lift the button by, else it finds out).
 */
export interface WidgetTag {
  data: DOMStringMap;
  lang: string;
  nonce: string;
}

export type Focus = "text" | "heading" | "none";

/** What the launcher does for the panel. */
export interface PanelHost {
  readonly tag: WidgetTag;
  readonly root: ShadowRoot;
  /** The words of the page's language; empty when they could not be had. */
  readonly strings: Promise<Table>;
  readonly styles: Promise<unknown>;
  /** The visitor wants the panel out of the way. */
  minimise(): void;
  /** Fetch one more script, as often as it takes. */
  addScript(address: string): void;
  tellAvailability(availability: Availability): void;
  tellUnread(count: number, operator: OperatorCard | null): void;
}

/** What the panel does for the launcher. */
export interface Panel {
  show(focus: Focus): void;
  hide(): void;
  /** Put a text before what is in the composer already. */
  prefill(text: string): void;
}

/** Resolves when the panel is ready to be shown. */
export type MountPanel = (host: PanelHost) => Promise<Panel>;

/** ``window.chatdesk``: what a shop's own script may call. */
export interface ChatdeskApi {
  open(): void;
  close(): void;
  /** Open with a text in the composer; the visitor decides whether to send it. */
  prefill(text: string): void;
  /** The panel's script hands itself over here. */
  attach(mount: MountPanel): void;
  /** What the panel shares with its chunks, and where they hand their parts over. */
  kit?: object;
  chunk?(name: string, parts: object): void;
}

declare global {
  interface Window {
    chatdesk?: ChatdeskApi;
  }
}
