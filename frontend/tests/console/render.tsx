/** Puts a part of the workspace on a page, around a desk without a server. */

import { type ComponentChild, render } from "preact";
import { onTestFinished } from "vitest";
import { DeskProvider } from "../../src/console/desk";
import type { makeDesk } from "./make";

export function show(desk: ReturnType<typeof makeDesk>, part: ComponentChild) {
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  render(<DeskProvider value={desk.desk}>{part}</DeskProvider>, place);
  // The document is every file's: what listens to it must not outlive the test.
  onTestFinished(() => render(null, place));
  return place;
}

/** Let what was changed reach the page. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => requestAnimationFrame(() => resolve(null)));
    await new Promise((resolve) => setTimeout(resolve));
  }
}

export function find<E extends Element = HTMLElement>(
  place: Element,
  selector: string,
) {
  const found = place.querySelector<E>(selector);
  if (!found) {
    throw new Error(`There is no ${selector} in ${place.innerHTML}`);
  }
  return found;
}

export function byText(place: Element, selector: string, text: string): HTMLElement {
  const all = [...place.querySelectorAll<HTMLElement>(selector)];
  const found = all.find((each) => each.textContent?.trim() === text);
  if (!found) {
    throw new Error(`There is no ${selector} that says ${text}`);
  }
  return found;
}

export async function type(area: HTMLTextAreaElement, text: string): Promise<void> {
  area.value = text;
  area.setSelectionRange(text.length, text.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

export async function press(
  target: Element,
  key: string,
  given: KeyboardEventInit = {},
): Promise<void> {
  const init = { key, bubbles: true, cancelable: true, ...given };
  target.dispatchEvent(new KeyboardEvent("keydown", init));
  await settle();
}

export async function click(target: HTMLElement): Promise<void> {
  target.click();
  await settle();
}
