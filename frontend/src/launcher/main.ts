/**
 * The button in the corner of the shop's page. It costs the page nothing: it starts
 * when the page is loaded and idle, asks once whether anyone is there, and fetches the
 * panel only when the visitor reaches for it.
 */

import { createLauncher, start } from "./launcher";

const IDLE_CAP_MS = 2_000;

function whenIdle(act: () => void): void {
  const wait = () =>
    "requestIdleCallback" in window
      ? requestIdleCallback(act, { timeout: IDLE_CAP_MS })
      : setTimeout(act, 200);
  if (document.readyState === "complete") {
    wait();
  } else {
    addEventListener("load", wait, { once: true });
  }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement && !window.chatdesk) {
  const { dataset, nonce } = script;
  const lang = dataset.lang || document.documentElement.lang || "en";
  window.chatdesk = createLauncher({ data: dataset, lang, nonce });
  whenIdle(start);
}
