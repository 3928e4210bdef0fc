/** What every part of the panel is given. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Table } from "../core/strings";
import type { PanelHost } from "../launcher/host";
import type { Chat } from "./chat";
import type { ChunkLoader } from "./chunk";
import type { Settings } from "./settings";
import type { State } from "./state";
import type { T } from "./words";

export interface Panelled {
  state: State;
  chat: Chat;
  settings: Settings;
  host: PanelHost;
  t: T;
  /** The words of the page's language, those of the chunks among them. */
  table: Table;
  chunks: ChunkLoader;
  /** Take the composer's new text: keep it and show it to staff. */
  type: (text: string) => void;
}

const Context = createContext<Panelled | null>(null);

export const PanelProvider = Context.Provider;

/** Return what the panel was built with. */
export function usePanel(): Panelled {
  const value = useContext(Context);
  if (!value) {
    throw new Error("outside the panel");
  }
  return value;
}
