import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Entry, ProductCard } from "../../src/protocol";
import {
  entry,
  events,
  FakeSocket,
  operatorEntry,
  setVisibility,
  synced,
} from "../fakes";
import { conversation, Page, refuse } from "./page";

const SOLD_OUT: ProductCard = {
  product: "KETTLE",
  seq: 2,
  name: "Kettle",
  price: "€64.00",
  stock: "out",
  stock_text: "Sold out",
  url: "/kettle/",
};

let page: Page;
/** The product as the shop has it now. */
let product: ProductCard;

/** A dialog in which an operator sent a card, and what came after it. */
async function resume(more: Entry[] = []): Promise<void> {
  const head = 2 + more.length;
  page.server.dialogs = [conversation({ head, status: "open" })];
  page.server.answers.products = () => ({ cards: [product], token: "T" });
  await page.load();
  FakeSocket.latest.welcome();
  const data = { product: "KETTLE", name: "Kettle", said: "€64.00" };
  const card = operatorEntry(2, { kind: "product", text: "Kettle", data });
  FakeSocket.latest.tell(events(1, head, [entry(1), card, ...more]));
  FakeSocket.latest.tell(synced(head));
  await page.rest();
  await page.rest();
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal("indexedDB", new IDBFactory());
  setVisibility("visible");
  localStorage.clear();
  sessionStorage.clear();
  page = new Page({ cards: "cards" });
  product = SOLD_OUT;
});

afterEach(() => {
  page.leave();
  vi.useRealTimers();
});

describe("the card of a sold out product", () => {
  test("offers to tell when it is there again, not to buy", async () => {
    await resume();
    expect(page.texts(".pc .stock")).toEqual(["Sold out"]);
    expect(page.texts(".pc .btn")).toEqual(["Notify me", "View"]);
  });

  test("keeps the wish for that card, and says where word of it comes", async () => {
    await resume();
    page.server.answers.wishes = () => {
      product = { ...product, wished: true };
      return {};
    };
    await page.choose("Notify me");
    await page.rest();
    expect(page.server.asked("wishes").map(({ body }) => body)).toEqual([{ seq: 2 }]);
    const button = page.find<HTMLButtonElement>(".pc button");
    expect(button?.textContent).toBe("We will tell you");
    expect(button?.disabled).toBe(true);
    expect(page.texts(".pc [role=status]")[0]).toContain("Word of it comes here");
  });

  test("is drawn anew once the dialog is told, and can be bought", async () => {
    product = { ...product, wished: true };
    await resume();
    product = { ...SOLD_OUT, stock: "few", stock_text: "2 left" };
    const news = { step: "stock", product: "KETTLE" };
    const text = "Kettle is in stock again: €64.00";
    const told = entry(3, { kind: "auto", author: "system", text, data: news });
    FakeSocket.latest.tell(events(3, 3, [told]));
    await page.rest();
    await page.rest();
    expect(page.find("ol, ul")?.textContent).toContain(text);
    expect(page.texts(".pc .btn")).toEqual(["Add to cart", "View"]);
  });

  test("says in the shop's words why a wish is none, and shows the card of now", async () => {
    await resume();
    page.server.answers.wishes = refuse(409, "", "This product is in stock.");
    product = { ...SOLD_OUT, stock: "in_stock", stock_text: "In stock" };
    await page.choose("Notify me");
    await page.rest();
    expect(page.texts(".pc [role=status]")).toEqual(["This product is in stock."]);
    expect(page.texts(".pc .btn")).toEqual(["Add to cart", "View"]);
  });

  test("says that the shop does not answer, and lets it be tried again", async () => {
    await resume();
    page.server.answers.wishes = refuse(0);
    await page.choose("Notify me");
    await page.rest();
    expect(page.texts(".pc [role=status]")).toEqual([
      "The shop does not answer just now.",
    ]);
    expect(page.find<HTMLButtonElement>(".pc button")?.disabled).toBe(false);
  });
});

describe("the card of a product that changed", () => {
  test("shows the price of now beside that of its sending", async () => {
    product = { ...SOLD_OUT, stock: "in_stock", price: "€70.00", was: "€64.00" };
    await resume();
    expect(page.texts(".pc .pr")).toEqual(["€70.00"]);
    expect(page.texts(".pc .why")[0]).toBe("The price changed. It was €64.00.");
  });

  test("goes into the cart with the shop's token, and then leads there", async () => {
    product = { ...SOLD_OUT, stock: "in_stock" };
    await resume();
    page.server.answers.cart = () => ({ in_cart: 1, cart_url: "/cart/" });
    await page.choose("Add to cart");
    expect(page.server.asked("cart").map(({ body }) => body)).toEqual([
      { seq: 2, quantity: 1 },
    ]);
    expect(page.find<HTMLAnchorElement>(".pc a.soft")?.href).toContain("/cart/");
  });

  test("says that it was sold meanwhile, and offers to tell", async () => {
    product = { ...SOLD_OUT, stock: "few" };
    await resume();
    const words = "The last one was just sold.";
    page.server.answers.cart = refuse(409, "", words);
    product = SOLD_OUT;
    await page.choose("Add to cart");
    await page.rest();
    expect(page.texts(".pc [role=status]")).toEqual([words]);
    expect(page.texts(".pc .btn")).toEqual(["Notify me", "View"]);
  });
});

describe("an operator who changes the cart", () => {
  const change = (seq: number, was: number, now: number) =>
    operatorEntry(seq, {
      kind: "cart",
      text: `Kettle: ${was} → ${now}`,
      data: { product: "KETTLE", title: "Kettle", was, now },
    });

  test("is named in the thread, with what he did", async () => {
    await resume();
    FakeSocket.latest.tell(
      events(3, 5, [change(3, 0, 2), change(4, 2, 1), change(5, 1, 0)]),
    );
    await page.rest();
    const said = page.texts(".sys").filter((text) => text.includes("Kettle"));
    expect(said.map((text) => text.replace(/, [^,]*$/, ""))).toEqual([
      "Anna put Kettle × 2 into your cart",
      "Anna changed your cart: Kettle, 2 → 1",
      "Anna took Kettle out of your cart",
    ]);
  });

  test("is told to the shop's page as it happens, not as it is read again", async () => {
    const hear = vi.fn();
    addEventListener("chatdesk:cart", hear);
    await resume([change(3, 0, 1)]);
    expect(hear).not.toHaveBeenCalled();
    FakeSocket.latest.tell(events(4, 4, [change(4, 1, 2)]));
    await page.rest();
    FakeSocket.latest.tell(events(5, 5, [operatorEntry(5)]));
    await page.rest();
    expect(hear).toHaveBeenCalledOnce();
    removeEventListener("chatdesk:cart", hear);
  });
});
