import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { namedIn, openNamed } from "../../src/console/named";

const CONV = "0123456789abcdef0123456789abcdef";

test("an address names a dialog by 32 hex characters and by nothing else", () => {
  expect(namedIn(`#${CONV}`)).toBe(CONV);
  expect(namedIn("")).toBeNull();
  expect(namedIn(`#${CONV}0`)).toBeNull();
  expect(namedIn("#<img src=x>")).toBeNull();
});

test("the named dialog is opened at once and when the address changes", () => {
  const state = { wanted: signal<string | null>(null) };
  const threads = { open: vi.fn() };
  location.hash = `#${CONV}`;

  openNamed({ state, threads });
  expect(state.wanted.value).toBe(CONV);

  location.hash = `#${CONV.replace("0", "f")}`;
  dispatchEvent(new Event("hashchange"));
  expect(threads.open).toHaveBeenLastCalledWith(CONV.replace("0", "f"));
});
