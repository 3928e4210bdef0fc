/** What an operator chose for this browser: sound, notifications, keys, theme. */

import { effect, type Signal, signal } from "@preact/signals";
import type { Shelf } from "../core/storage";

export type Theme = "system" | "light" | "dark";

export interface Prefs {
  readonly sound: Signal<boolean>;
  readonly desktop: Signal<boolean>;
  readonly keys: Signal<boolean>;
  readonly theme: Signal<Theme>;
}

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Return the preferences; each change is kept. */
export function loadPrefs(shelf: Shelf): Prefs {
  const flag = (name: string) => {
    const value = signal(shelf.get(name) !== "off");
    effect(() => shelf.set(name, value.value ? "on" : "off"));
    return value;
  };
  const kept = shelf.get("theme") as Theme | null;
  const theme = signal<Theme>(kept && THEMES.includes(kept) ? kept : "system");
  effect(() => shelf.set("theme", theme.value));
  return { sound: flag("sound"), desktop: flag("desktop"), keys: flag("keys"), theme };
}

export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
}

/** Put the chosen theme, or the system's, on the page and keep it there. */
export function applyTheme(
  theme: Signal<Theme>,
  root = document.documentElement,
): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = signal(system.matches);
  system.addEventListener("change", (event) => {
    isDark.value = event.matches;
  });
  effect(() => {
    const resolved = isDark.value ? "dark" : "light";
    root.dataset.cdTheme = theme.value === "system" ? resolved : theme.value;
  });
}
