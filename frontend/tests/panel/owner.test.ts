import { beforeEach, describe, expect, test } from "vitest";
import { createShelf } from "../../src/core/storage";
import { Owner } from "../../src/panel/owner";

const NOBODY = "";
let owner: Owner;

const browser = createShelf(() => localStorage);
const openTab = () => {
  sessionStorage.clear();
  return new Owner(
    createShelf(() => sessionStorage),
    browser,
  );
};
const meets = (visitor: string, epoch = "e1") => owner.isNew({ visitor, epoch });

beforeEach(() => {
  localStorage.clear();
  owner = openTab();
});

describe("whose words are kept", () => {
  test("whoever only looks leaves no trace", () => {
    expect(meets(NOBODY)).toBe(false);
    expect(localStorage.length + sessionStorage.length).toBe(0);
  });

  test("another tab of the same person knows it from the browser", () => {
    meets("7");
    owner = openTab();
    expect(meets("8")).toBe(true);
  });

  test("a tab learns of the next person though another has met him before", () => {
    meets("7");
    browser.remove("owner");
    expect(meets(NOBODY)).toBe(true);
  });

  test("the same person stays the owner", () => {
    expect([meets("7"), meets("7"), meets("7")]).toEqual([false, false, false]);
  });

  test.each([NOBODY, "8"])("after %j came there is a new owner", (next) => {
    meets("7");
    expect(meets(next)).toBe(true);
    expect(meets(next)).toBe(false);
  });

  test("a stranger who begins a dialog owns it before his number is known", () => {
    owner.begins("e1");
    expect(meets("7")).toBe(false);
    owner.begins("e1");
    expect(meets("7")).toBe(false);
  });

  test("a stranger who is gone at the next look has left", () => {
    owner.begins("e1");
    expect(meets(NOBODY)).toBe(true);
  });

  test("a server that was set back to a backup makes nobody a stranger", () => {
    meets("7", "e1");
    expect(meets(NOBODY, "e2")).toBe(false);
  });
});
