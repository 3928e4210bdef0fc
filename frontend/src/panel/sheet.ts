/** The styles that a chunk brings along; part of each chunk, not of the panel. */

import { useLayoutEffect } from "preact/hooks";
import { usePanel } from "./context";

const styled = new WeakSet<ShadowRoot>();

/** Put a chunk's styles into the panel, once. */
export function useStyle(css: string): void {
  const { host } = usePanel();
  useLayoutEffect(() => {
    const { root, tag } = host;
    if (styled.has(root)) {
      return;
    }
    styled.add(root);
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } catch {
      const style = document.createElement("style");
      style.nonce = tag.nonce;
      style.textContent = css;
      root.append(style);
    }
  }, [host, css]);
}
