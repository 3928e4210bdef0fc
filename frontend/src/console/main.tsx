/** The operators' workspace: reads the page's configuration and begins. */

import { render } from "preact";
import { HttpError } from "../core/http";
import { createShelf } from "../core/storage";
import type { OperatorSession } from "../protocol";
import { App } from "./app";
import { type Config, readConfig } from "./config";
import { apiOf, createDesk, DeskProvider, startDesk } from "./desk";
import { tieToHistory } from "./history";
import { openNamed } from "./named";
import { applyTheme, loadPrefs } from "./prefs";
import { loadWords, type Words } from "./words";

const PLACE_ID = "chatdesk-console";

async function begin(place: HTMLElement, config: Config): Promise<void> {
  const shelf = createShelf(() => localStorage);
  const prefs = loadPrefs(shelf);
  applyTheme(prefs.theme);
  const t = await loadWords(config.lang, config.strings);
  try {
    const session = await apiOf(config).get<OperatorSession>("operator/session/");
    const desk = await createDesk({ config, session, t, shelf, prefs });
    tieToHistory(desk.state);
    place.replaceChildren();
    render(
      <DeskProvider value={desk}>
        <App />
      </DeskProvider>,
      place,
    );
    startDesk(desk);
    openNamed(desk);
  } catch (error) {
    sayFailure(place, t, error);
  }
}

function sayFailure(place: HTMLElement, t: Words, error: unknown): void {
  const isRefused = error instanceof HttpError && [401, 403].includes(error.status);
  place.replaceChildren();
  render(
    <div class="boot" role="alert">
      <h1>{t(isRefused ? "boot_forbidden" : "boot_failed")}</h1>
      {!isRefused && (
        <button type="button" class="btn pri" onClick={() => location.reload()}>
          {t("try_again")}
        </button>
      )}
    </div>,
    place,
  );
}

const place = document.getElementById(PLACE_ID);
if (place) {
  void begin(place, readConfig());
}
