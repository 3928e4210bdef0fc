import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type {
  ChatdeskApi,
  Focus,
  MountPanel,
  Panel,
  PanelHost,
  WidgetTag,
} from "../../src/launcher/host";
import { setVisibility, trackPage } from "../fakes";

vi.mock("../../src/launcher/launcher.css?inline", () => ({ default: ".la{}" }));

class FakePanel implements Panel {
  shown: Focus[] = [];
  hidden = 0;
  filled: string[] = [];

  show(focus: Focus): void {
    this.shown.push(focus);
  }

  hide(): void {
    this.hidden += 1;
  }

  prefill(text: string): void {
    this.filled.push(text);
  }
}

let untrack: () => void = () => undefined;
let asked: string[];
let status: () => Promise<Response>;
let api: ChatdeskApi;
let start: () => void;
let panel: FakePanel;
let given: PanelHost | undefined;

const mount: MountPanel = async (host) => {
  given = host;
  return panel;
};

/** A fresh page with the launcher's script run once. */
async function load(data: DOMStringMap = {}, lang = "en"): Promise<void> {
  vi.resetModules();
  const launcher = await import("../../src/launcher/launcher");
  const tag: WidgetTag = {
    data: {
      root: "/chatdesk/",
      panel: "/static/panel.js",
      css: "/static/panel.css",
      strings: "/static/strings.en.json",
      ...data,
    },
    lang,
    nonce: "n0nce",
  };
  api = launcher.createLauncher(tag);
  start = launcher.start;
}

const host = () => document.getElementById("chatdesk-widget");
const root = () => host()?.shadowRoot as ShadowRoot;
const button = () => root().querySelector("button.la") as HTMLButtonElement;
const label = () => button().getAttribute("aria-label");
const skeleton = () => root().querySelector("#panel") as HTMLElement | null;
const scripts = () => [...document.head.querySelectorAll("script")];

/** What a page was goes with it, its observers too. */
function leave(): void {
  untrack();
  untrack = trackPage();
  document.head.replaceChildren();
  document.body.replaceChildren();
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) {
    await Promise.resolve();
  }
}

beforeEach(() => {
  leave();
  document.documentElement.removeAttribute("data-cd-theme");
  localStorage.clear();
  sessionStorage.clear();
  setVisibility("visible");
  asked = [];
  panel = new FakePanel();
  given = undefined;
  status = async () => Response.json({ state: "online", online: 2 });
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return url.includes("status")
      ? status()
      : Promise.resolve(Response.json({ a: "b" }));
  });
  document.elementsFromPoint = () => [];
});

afterEach(() => {
  untrack();
  vi.useRealTimers();
});

describe("before it is reached for", () => {
  test("is nothing in the page until it starts", async () => {
    await load();
    expect(host()).toBeNull();
    expect(asked).toEqual([]);
  });

  test("is one element at the end of the body and asks one question", async () => {
    document.body.innerHTML = "<main></main>";
    await load();
    start();
    start();
    await settle();
    expect(document.body.lastElementChild).toBe(host());
    expect(document.querySelectorAll("#chatdesk-widget")).toHaveLength(1);
    expect(asked).toEqual(["/chatdesk/api/v1/visitor/status/"]);
    expect(scripts()).toEqual([]);
  });

  test("wears an envelope and makes no promise until it knows", async () => {
    await load();
    start();
    expect(button().classList.contains("off")).toBe(true);
    expect(label()).toBe("Leave a question");
    expect(root().querySelector("i")).toBeNull();
  });

  test("says when a closed shop opens, if a weekday's name can tell it", async () => {
    const soon = new Date(Date.now() + 2 * 86_400_000).setHours(9, 0, 0, 0);
    status = async () => Response.json({ state: "offline", opens_at: soon });
    await load();
    start();
    await settle();
    const day = new Date(soon).toLocaleString("en", { weekday: "long" });
    expect(label()).toContain(`Leave a question. We are back on ${day}`);
    expect(label()).toMatch(/09:00$/);
  });

  test.each([
    ["online", "Open chat. Consultants are online", false],
    ["busy", "Open chat. Consultants are online", false],
    ["away", "Leave a question", true],
    ["offline", "Leave a question", true],
  ])("says in its name that the state is %s", async (state, name, isLetter) => {
    status = async () => Response.json({ state });
    await load();
    start();
    await settle();
    expect(label()).toBe(name);
    expect(button().classList.contains("off")).toBe(isLetter);
    expect(root().querySelector("i") === null).toBe(isLetter);
  });

  test("takes no answer for nobody there", async () => {
    status = () => Promise.reject(new Error("cut"));
    await load();
    start();
    await settle();
    expect(label()).toBe("Leave a question");
  });

  test("speaks the page's language", async () => {
    await load({}, "ru");
    start();
    await settle();
    expect(label()).toBe("Открыть чат. Консультанты на связи");
  });

  test("asks again when looked at, at most once a minute", async () => {
    vi.useFakeTimers();
    await load();
    start();
    await settle();
    setVisibility("visible");
    expect(asked).toHaveLength(1);
    vi.setSystemTime(Date.now() + 61_000);
    setVisibility("hidden");
    expect(asked).toHaveLength(1);
    setVisibility("visible");
    expect(asked).toHaveLength(2);
  });

  test("leaves no cookie and no note", async () => {
    await load();
    start();
    await settle();
    expect(document.cookie).toBe("");
    expect(localStorage.length + sessionStorage.length).toBe(0);
  });
});

describe("reached for", () => {
  test.each(["pointerenter", "focus"])(
    "fetches the panel on %s, once",
    async (name) => {
      await load();
      start();
      button().dispatchEvent(new Event(name));
      button().dispatchEvent(new Event(name));
      expect(scripts().map((each) => each.getAttribute("src"))).toEqual([
        "/static/panel.js",
      ]);
      expect(scripts()[0]?.nonce).toBe("n0nce");
      expect(root().querySelectorAll("link")).toHaveLength(1);
      expect(asked).toContain("/static/strings.en.json");
    },
  );

  test("shows at once where to write, and keeps what is written", async () => {
    await load();
    start();
    button().click();
    const field = skeleton()?.querySelector("textarea");
    expect(field?.getAttribute("aria-label")).toBe("Write a message");
    expect(root().activeElement).toBe(field);
    expect(button().getAttribute("aria-expanded")).toBe("true");
    expect(label()).toBe("Minimise chat");
    if (field) {
      field.value = "Is it in stock?";
    }
    api.attach(mount);
    await settle();
    expect(skeleton()).toBeNull();
    expect(panel.shown).toEqual(["text"]);
    expect(panel.filled).toEqual(["Is it in stock?"]);
  });

  test("does not bring up the keyboard of a phone", async () => {
    await load();
    start();
    const touch = Object.assign(new Event("pointerdown"), { pointerType: "touch" });
    button().dispatchEvent(touch);
    button().click();
    expect(root().activeElement).not.toBe(skeleton()?.querySelector("textarea"));
    api.attach(mount);
    await settle();
    expect(panel.shown).toEqual(["heading"]);
  });

  test("gives the panel what it needs", async () => {
    await load({ shop: "Northbrew" });
    start();
    button().click();
    api.attach(mount);
    await settle();
    expect(given?.tag.data.shop).toBe("Northbrew");
    expect(given?.root).toBe(root());
    expect(await given?.strings).toEqual({ a: "b" });
  });

  test("stays closed when the visitor has thought better of it meanwhile", async () => {
    await load();
    start();
    button().click();
    const field = skeleton()?.querySelector("textarea") as HTMLTextAreaElement;
    field.value = "Do you";
    button().click();
    expect(skeleton()).toBeNull();
    api.attach(mount);
    await settle();
    expect(panel.shown).toEqual([]);
    expect(panel.filled).toEqual(["Do you"]);
  });

  test("asks again for a script that did not come", async () => {
    vi.useFakeTimers();
    await load();
    start();
    button().click();
    scripts()[0]?.dispatchEvent(new Event("error"));
    expect(scripts()).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(scripts()).toHaveLength(1);
  });

  test("opens without words when the table cannot be had", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new Error("cut")));
    await load();
    start();
    button().click();
    api.attach(mount);
    await settle();
    expect(await given?.strings).toEqual({});
  });
});

describe("with its panel", () => {
  beforeEach(async () => {
    await load();
    start();
    button().click();
    api.attach(mount);
    await settle();
  });

  test("minimises by the same button and takes the focus back", async () => {
    button().click();
    await settle();
    expect(panel.hidden).toBe(1);
    expect(root().activeElement).toBe(button());
    expect(button().getAttribute("aria-expanded")).toBe("false");
  });

  test("minimises when the panel asks", async () => {
    given?.minimise();
    await settle();
    expect(panel.hidden).toBe(1);
    expect(root().activeElement).toBe(button());
  });

  test("counts what is unread on the operator's photo, only while closed", async () => {
    given?.tellUnread(2, { id: "7", name: "Anna", photo: "/anna.webp" });
    expect(root().querySelector("img")).toBeNull();
    button().click();
    expect(label()).toBe("Open chat. 2 new messages");
    expect(root().querySelector("img")?.getAttribute("src")).toBe("/anna.webp");
    expect(root().querySelector(".n")?.textContent).toBe("2");
    given?.tellUnread(1, null);
    expect(label()).toBe("Open chat. 1 new message");
    given?.tellUnread(120, null);
    expect(root().querySelector(".n")?.textContent).toBe("99+");
    given?.tellUnread(0, null);
    expect(root().querySelector(".n")).toBeNull();
  });

  test("believes the panel about who is there", () => {
    button().click();
    given?.tellAvailability({ state: "away" });
    expect(label()).toBe("Leave a question");
  });
});

describe("a shop's own script", () => {
  test("opens and closes it without stealing the focus back", async () => {
    await load();
    api.open();
    api.attach(mount);
    await settle();
    expect(panel.shown).toEqual(["text"]);
    api.close();
    await settle();
    expect(panel.hidden).toBe(1);
    expect(root().activeElement).not.toBe(button());
  });

  test("fills the composer and sends nothing", async () => {
    await load();
    api.prefill("About order 10482: ");
    api.attach(mount);
    await settle();
    expect(panel.filled).toEqual(["About order 10482: "]);
  });
});

describe("from page to page", () => {
  test("goes on where the visitor left it open", async () => {
    await load();
    start();
    button().click();
    leave();
    await load();
    start();
    expect(button().getAttribute("aria-expanded")).toBe("true");
    api.attach(mount);
    await settle();
    expect(panel.shown).toEqual(["none"]);
  });

  test("stays closed when it was closed", async () => {
    await load();
    start();
    button().click();
    button().click();
    leave();
    await load();
    start();
    expect(button().getAttribute("aria-expanded")).toBe("false");
    expect(scripts()).toHaveLength(0);
  });

  test("listens for answers, out of sight, while a dialog is open", async () => {
    localStorage.setItem("chatdesk:dialog", "1");
    await load();
    start();
    api.attach(mount);
    await settle();
    expect(given).toBeDefined();
    expect(panel.shown).toEqual([]);
  });

  test("works in a browser that refuses storage", async () => {
    vi.stubGlobal("localStorage", undefined);
    vi.stubGlobal("sessionStorage", undefined);
    await load();
    start();
    button().click();
    expect(skeleton()).not.toBeNull();
  });
});

describe("in the shop's page", () => {
  test("comes back when a script replaces the body or empties it", async () => {
    await load();
    start();
    document.documentElement.replaceChild(
      document.createElement("body"),
      document.body,
    );
    await vi.waitFor(() => expect(host()?.parentElement).toBe(document.body));
    document.body.replaceChildren();
    await vi.waitFor(() => expect(host()).not.toBeNull());
  });

  test("follows the shop's theme, then the system's", async () => {
    document.documentElement.dataset.cdTheme = "dark";
    await load();
    start();
    expect(host()?.dataset.cdTheme).toBe("dark");
    delete document.documentElement.dataset.cdTheme;
    await vi.waitFor(() => expect(host()?.dataset.cdTheme).toBe("light"));
  });

  test("stands above a bar at the bottom", async () => {
    document.elementsFromPoint = () => [bar("fixed", 64)];
    await load();
    start();
    expect(host()?.style.getPropertyValue("--la-lift")).toBe("64px");
  });

  test.each([
    ["what is not fixed", "static", 64],
    ["a dialog over half the window", "fixed", 600],
  ])("is not lifted by %s", async (_name, position, height) => {
    document.elementsFromPoint = () => [bar(position, height)];
    await load();
    start();
    expect(host()?.style.getPropertyValue("--la-lift")).toBe("0px");
  });

  test("lets the shop decide how far", async () => {
    document.elementsFromPoint = () => [bar("fixed", 64)];
    await load({ cdOffset: "30" });
    start();
    expect(host()?.style.getPropertyValue("--la-lift")).toBe("30px");
  });

  test("looks again when the window changes", async () => {
    vi.useFakeTimers();
    await load();
    start();
    document.elementsFromPoint = () => [bar("sticky", 50)];
    dispatchEvent(new Event("resize"));
    vi.advanceTimersByTime(250);
    expect(host()?.style.getPropertyValue("--la-lift")).toBe("50px");
  });
});

/** An element that covers the window's lowest ``height`` pixels. */
function bar(position: string, height: number): Element {
  const element = document.createElement("div");
  element.style.position = position;
  document.body.append(element);
  element.getBoundingClientRect = () =>
    ({ top: innerHeight - height, bottom: innerHeight, height }) as DOMRect;
  return element;
}
