/** Fetches the panel: its script, its styles, its words. */

import type { Table } from "../core/strings";
import { make } from "./dom";
import type { MountPanel, WidgetTag } from "./host";

const RETRY_MS = 3_000;

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string };
}

// Under a policy that requires trusted types a plain address loads nothing.
const trusted = (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  "chatdesk",
  { createScriptURL: (url) => url },
);

/** What was asked for; the script arrives through ``attach``. */
export interface Parts {
  mount: Promise<MountPanel>;
  attach: (mount: MountPanel) => void;
  styles: Promise<unknown>;
  strings: Promise<Table>;
}

/** Begin to fetch all three; a script that does not come is asked for again. */
export function fetchPanel({ data, nonce }: WidgetTag, root: ShadowRoot): Parts {
  let attach: Parts["attach"] = () => undefined;
  const mount = new Promise<MountPanel>((resolve) => {
    attach = resolve;
  });
  addScript(data.panel as string, nonce);
  return {
    mount,
    attach,
    styles: addStyles(data.css as string, root),
    strings: fetch(data.strings as string)
      .then((answer) => answer.json())
      .catch(() => ({})),
  };
}

function addStyles(href: string, root: ShadowRoot): Promise<unknown> {
  const link = make("link", { rel: "stylesheet", href });
  root.append(link);
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
}

/** Run a script that the policy lets run; one that does not come is asked for again. */
export function addScript(src: string, nonce: string): void {
  const script = make("script");
  script.src = trusted?.createScriptURL(src) ?? src;
  script.nonce = nonce;
  script.onerror = () => {
    script.remove();
    setTimeout(addScript, RETRY_MS, src, nonce);
  };
  document.head.append(script);
}
