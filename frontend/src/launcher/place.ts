/** The widget's one element in the shop's page. */

import { adopt, make } from "./dom";
import type { WidgetTag } from "./host";
import css from "./launcher.css?inline";

/** Return the element, outside the page as yet, with its styled shadow root. */
export function makeHost(tag: WidgetTag): [HTMLElement, ShadowRoot] {
  const host = make("div", { id: "chatdesk-widget", lang: tag.lang });
  const root = host.attachShadow({ mode: "open" });
  adopt(root, css, tag.nonce);
  followTheme(host);
  return [host, root];
}

/** Put the element at the end of the body, and back when a script replaces the body. */
export function keepInPage(host: HTMLElement): void {
  const watch = new MutationObserver(() => {
    if (!host.isConnected) {
      place();
    }
  });
  const place = () => {
    document.body.append(host);
    watch.disconnect();
    watch.observe(document.documentElement, { childList: true });
    watch.observe(document.body, { childList: true });
  };
  place();
}

/** The shop's ``data-cd-theme`` wins, then what the system asks for. */
function followTheme(host: HTMLElement): void {
  const page = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const update = () => {
    host.dataset.cdTheme = page.dataset.cdTheme ?? (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", update);
  const attributeFilter = ["data-cd-theme"];
  new MutationObserver(update).observe(page, { attributeFilter });
  update();
}

/** Return what the visitor sees until the panel is there; it takes words already. */
export function makeSkeleton(label: string, placeholder: string): HTMLElement {
  const box = make("section", {
    class: "sk",
    id: "panel",
    role: "dialog",
    "aria-label": label,
    "aria-busy": "true",
  });
  box.append(make("textarea", { placeholder, "aria-label": placeholder }));
  return box;
}
