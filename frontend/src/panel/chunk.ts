/**
 * Parts of the panel that most visitors never need: scripts of their own, fetched when
 * they are.
 *
 * A chunk is a folder beside this file. Its ``main.tsx`` hands its parts over with
 * ``window.chatdesk.chunk(name, parts)``; its address is in the page's tag, as
 * ``data-<name>``. What ``kit.ts`` names is not built into it: it uses the panel's.
 */

import { signal } from "@preact/signals";
import type { PanelHost } from "../launcher/host";
import type * as cards from "./cards/parts";
import type * as letter from "./letter/parts";

/** What each chunk hands over. */
export interface Chunks {
  letter: typeof letter;
  cards: typeof cards;
}

export type ChunkName = keyof Chunks;

/** The chunks of one panel: each is fetched once, however many ask. */
export class ChunkLoader {
  private readonly arrived = signal<Partial<Chunks>>({});
  private readonly asked = new Set<ChunkName>();

  constructor(
    private readonly host: Pick<PanelHost, "tag" | "addScript">,
    kit: object,
  ) {
    const { chatdesk } = window;
    if (chatdesk) {
      chatdesk.kit = kit;
      chatdesk.chunk = (name, parts) => {
        this.arrived.value = { ...this.arrived.value, [name]: parts };
      };
    }
  }

  /** Whether the page says where it is; one kept since before it existed does not. */
  has(name: ChunkName): boolean {
    return Boolean(this.host.tag.data[name]);
  }

  /** Return its parts, nothing until they are there; asking fetches them. */
  use<Name extends ChunkName>(name: Name): Chunks[Name] | undefined {
    const address = this.host.tag.data[name];
    if (address && !this.asked.has(name)) {
      this.asked.add(name);
      this.host.addScript(address);
    }
    return this.arrived.value[name];
  }
}
