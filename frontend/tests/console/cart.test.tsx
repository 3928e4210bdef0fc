import { describe, expect, it } from "vitest";
import { eventText } from "../../src/console/entries";
import { itemsOf } from "../../src/console/items";
import { ShopBlocks } from "../../src/console/shop-panel";
import { HttpError } from "../../src/core/http";
import type { InboxRow, ShopPanel } from "../../src/protocol";
import { ME, makeDesk, makeEntry, makeRow, t } from "./make";
import { byText, click, find, settle, show } from "./render";

const KETTLE = { product: "KETTLE", name: "Kettle", quantity: 2, total: "€128.00" };
const MILL = { product: "MILL", name: "Mill", price: "€89.00", stock: "in_stock" };
const PANEL: ShopPanel = {
  cart: { lines: [KETTLE], pieces: 2, total: "€128.00" },
  may_change: true,
};

/** A dialog of one's own with a cart beside it. */
async function open(
  given: Partial<InboxRow> = {},
  answers: Record<string, unknown> = {},
  panel: ShopPanel = PANEL,
) {
  const row = makeRow({ conv: "c1", owner: ME, status: "open", ...given });
  const desk = makeDesk({ "shop/": panel, ...answers });
  desk.state.told.value = new Map([[row.conv, row]]);
  desk.state.selected.value = row.conv;
  const place = show(desk, <ShopBlocks conv={row.conv} />);
  await settle();
  return { desk, place, posted: () => desk.asked.filter(({ body }) => body) };
}

const label = (place: Element, text: string) =>
  find<HTMLButtonElement>(place, `[aria-label="${text}"]`);

describe("the visitor's cart in the operator's hands", () => {
  it("is changed and emptied line by line, from what was seen", async () => {
    const { place, posted } = await open();
    await click(byText(place, "button", "Change the cart"));
    await click(label(place, "One more: Kettle"));
    await click(label(place, "Take out: Kettle"));
    expect(posted()).toEqual([
      {
        path: "operator/conversations/c1/cart/",
        body: { product: "KETTLE", was: 2, quantity: 3 },
      },
      {
        path: "operator/conversations/c1/cart/",
        body: { product: "KETTLE", was: 2, quantity: 0 },
      },
    ]);
  });

  it("takes a product that was searched for", async () => {
    const { place, posted } = await open({}, { "catalogue/": { cards: [MILL] } });
    await click(byText(place, "button", "Change the cart"));
    const field = label(place, "Add a product") as unknown as HTMLInputElement;
    field.value = "mill";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await expect.poll(() => place.querySelector(".found button")).toBeTruthy();
    await click(find(place, ".found button"));
    expect(posted().map(({ body }) => body)).toEqual([
      { product: "MILL", was: 0, quantity: 1 },
    ]);
    expect(field.value).toBe("");
  });

  it("says that the visitor reads of it", async () => {
    const { place } = await open();
    await click(byText(place, "button", "Change the cart"));
    expect(place.textContent).toContain("The visitor reads in the dialog");
    await click(byText(place, "button", "Done"));
    expect(place.querySelector(".oform")).toBeNull();
  });

  it("says the shop's no in its words and shows the cart of now", async () => {
    const no = new HttpError(409, "", "The last one was just sold.");
    const { desk, place } = await open({}, { "cart/": no });
    await click(byText(place, "button", "Change the cart"));
    await click(label(place, "One more: Kettle"));
    const toasts = desk.state.toasts.value.map(({ text }) => text);
    expect(toasts).toContain("The last one was just sold.");
    expect(desk.asked.filter(({ path }) => path.endsWith("shop/"))).toHaveLength(2);
    expect(label(place, "One more: Kettle").disabled).toBe(false);
  });

  it.each([
    ["a colleague's dialog", { owner: "8" }, PANEL],
    ["a dialog that ended", { status: "closed" as const }, PANEL],
    ["a shop or a person that may not", {}, { ...PANEL, may_change: false }],
    [
      "a cart that the shop does not tell",
      {},
      { ...PANEL, troubles: { cart: "slow" } },
    ],
  ])("is left alone in %s", async (_name, given, panel) => {
    const { place } = await open(given, {}, panel);
    expect(place.textContent).not.toContain("Change the cart");
  });
});

describe("a change of the cart", () => {
  const said = (was: number, now: number, by = ME) => {
    const data = { product: "KETTLE", title: "Kettle", was, now };
    const entry = makeEntry(1, { kind: "cart", author: "operator", by, data });
    const operators = new Map([["8", "Boris"]]);
    return eventText(entry, { me: ME, visitor: "Vera", operators } as never, t);
  };

  it("stands in the log with its author", () => {
    const [, item] = itemsOf([makeEntry(1, { kind: "cart" })], []);
    expect(item?.type).toBe("event");
    const plain = (text: string) => text.replace(/[\u2068\u2069]/g, "");
    expect(plain(said(0, 2, "8"))).toBe("Boris put Kettle × 2 into the visitor's cart");
    expect(plain(said(2, 1, "8"))).toContain("cart: Kettle, 2 → 1");
    expect(plain(said(1, 0, "8"))).toBe("Boris took Kettle out of the visitor's cart");
  });
});
