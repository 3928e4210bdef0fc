/** Puts the panel into the launcher's shadow root. */

import { render } from "preact";
import { createHttp } from "../core/http";
import type { Intent } from "../core/outbox";
import { openRecords } from "../core/storage";
import type { Focus, Panel, PanelHost } from "../launcher/host";
import { App } from "./app";
import { Chat, OUTBOX } from "./chat";
import { ChunkLoader } from "./chunk";
import { PanelProvider } from "./context";
import { keepDraft } from "./draft";
import { runEffects } from "./effects";
import * as kit from "./kit";
import { readSettings } from "./settings";
import { createState } from "./state";
import { createWords } from "./words";

/** Build the panel, out of sight; it begins to listen for answers. */
export async function mount(host: PanelHost): Promise<Panel> {
  const [records, table] = await Promise.all([
    openRecords<Intent>(OUTBOX),
    host.strings,
    host.styles,
  ]);
  const settings = readSettings(host.tag);
  const state = createState();
  const chat = new Chat({
    root: settings.root,
    lang: settings.lang,
    http: createHttp({ root: settings.root }),
    state,
    records,
    onAvailability: (availability) => host.tellAvailability(availability),
    onNewOwner: () => {
      type("");
      state.contact.value = "";
      state.given.value = "";
    },
  });
  const type = keepDraft(state, chat, settings.peek);
  const t = createWords(settings.lang, table);
  const chunks = new ChunkLoader(host, kit);
  const box = document.createElement("div");
  box.className = "cd";
  box.dir = getComputedStyle(host.root.host).direction;
  host.root.append(box);
  render(
    <PanelProvider value={{ state, chat, settings, host, t, type, table, chunks }}>
      <App />
    </PanelProvider>,
    box,
  );
  runEffects(state, host, chat);
  void chat.start();

  return {
    show: (focus) => {
      state.isOpen.value = true;
      // After the panel has been drawn: what is hidden cannot have the focus.
      setTimeout(() => setFocus(box, focus), 0);
    },
    hide: () => {
      state.isOpen.value = false;
      state.isMenuOpen.value = false;
    },
    prefill: (text) => {
      const kept = state.draft.value;
      type(kept && kept !== text ? `${text}\n${kept}` : text);
    },
  };
}

function setFocus(box: Element, focus: Focus): void {
  const field = focus === "text" && box.querySelector("textarea");
  const target = field || (focus !== "none" && box.querySelector("h2"));
  if (target) {
    target.focus({ preventScroll: true });
  }
}
