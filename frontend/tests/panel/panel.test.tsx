import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import ru from "../../src/strings/ru.json";
import {
  CONV,
  entry,
  events,
  FakeSocket,
  operatorEntry,
  setVisibility,
  synced,
} from "../fakes";
import { conversation, HERE, Page, refuse } from "./page";

let page: Page;

const socket = () => FakeSocket.latest;
const chips = {
  chips: '["Help me choose", "Delivery to my city"]',
  topic: "coffee gear",
};

/** Say whether these media queries hold. */
function setMedia(holds: (query: string) => boolean): void {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: holds(query),
    addEventListener: () => undefined,
  }));
}

async function talk(items = [entry(1), operatorEntry(2)]): Promise<void> {
  page.server.dialogs = [conversation({ head: items.length, status: "open" })];
  await page.load();
  socket().welcome();
  socket().tell(events(1, items.length, items));
  socket().tell(synced(items.length));
  await page.rest();
}

async function end(author: "visitor" | "operator" = "visitor"): Promise<void> {
  await talk();
  page.server.dialogs = [
    conversation({ status: "closed", head: 3, reopens_until: Date.now() + 60_000 }),
  ];
  const by = author === "operator" ? { by: "7" } : {};
  socket().tell(events(3, 3, [entry(3, { kind: "closed", author, ...by })]));
  await page.rest();
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  setMedia(() => false);
  setVisibility("visible");
  localStorage.clear();
  sessionStorage.clear();
  page = new Page(chips);
});

afterEach(() => {
  page.leave();
  vi.useRealTimers();
});

describe("the first view", () => {
  test("greets with people, their measured time and a question", async () => {
    await page.load();
    expect(page.find("h2")?.textContent).toBe("Northbrew");
    expect(page.find(".st")?.textContent).toBe("2 consultants online");
    expect(page.find("h3")?.textContent).toBe("Ask us anything about coffee gear");
    expect(page.find(".hello p")?.textContent).toBe(
      "Anna and Dmitry are here now and usually answer in about 12 seconds.",
    );
    expect(page.all(".avs .av")).toHaveLength(2);
  });

  test("promises no time that was not measured", async () => {
    page.server.availability = { ...HERE, answer_s: null, operators: [] };
    await page.load();
    expect(page.find(".hello")?.textContent).not.toContain("answer");
  });

  test("fills the composer by a chip and sends nothing", async () => {
    await page.load();
    await page.choose("Help me choose");
    expect(page.field.value).toBe("Help me choose: ");
    expect(page.focused).toBe(page.field);
    expect(page.field.selectionStart).toBe(16);
    expect(page.server.asked("conversations")).toEqual([]);
  });

  test("says honestly that nobody is there, and takes words all the same", async () => {
    page.server.availability = { state: "away" };
    await page.load();
    expect(page.find("h2")?.textContent).toBe("We stepped out");
    expect(page.find(".hello")?.textContent).toContain("Nobody is at the desk");
    expect(page.find(".cw")?.innerHTML).not.toMatch(/online|class="dot"/);
    await page.type("Hello");
    await page.choose("Send question");
    expect(page.server.asked("conversations")).toHaveLength(1);
  });

  test.each([
    ["offline", "We are offline now"],
    ["unknown", "We are offline now"],
  ])("with state %s says %j", async (state, title) => {
    page.server.availability = { state };
    await page.load();
    expect(page.find("h2")?.textContent).toBe(title);
  });

  test("says when all are talking", async () => {
    page.server.availability = { state: "busy", online: 3 };
    await page.load();
    expect(page.find(".st")?.textContent).toBe("All 3 consultants are talking");
  });

  test("speaks Russian with its table", async () => {
    page = new Page({ topic: "кофе" }, "ru", ru as never);
    await page.load();
    expect(page.find(".st")?.textContent).toBe("На связи 2 консультанта");
    expect(page.find("h3")?.textContent).toBe("Спросите о чём угодно про кофе");
    expect(page.field.placeholder).toBe("Напишите сообщение");
  });

  test("opens although the server does not answer", async () => {
    page.server.answers.session = refuse(0);
    await page.load();
    expect(page.field).not.toBeNull();
    expect(page.find("h2")?.textContent).toBe("We are offline now");
    page.server.answers.session = () => page.server.session();
    dispatchEvent(new Event("online"));
    await page.rest();
    expect(page.find("h2")?.textContent).toBe("Northbrew");
  });

  test("asks again now and then who is there, while it is open", async () => {
    await page.load();
    page.server.availability = { state: "away" };
    await page.rest(60_000);
    expect(page.find("h2")?.textContent).toBe("We stepped out");
    expect(page.told.state).toBe("away");
    page.panel?.hide();
    const asked = page.server.requests.length;
    await page.rest(120_000);
    expect(page.server.requests).toHaveLength(asked);
  });
});

describe("the composer", () => {
  test("keeps a draft over a reload, until it is sent", async () => {
    await page.load();
    await page.type("half a tho");
    page.leave();
    page = new Page(chips);
    await page.load();
    expect(page.field.value).toBe("half a tho");
    await page.press("Enter");
    expect(sessionStorage.getItem("chatdesk:draft")).toBeNull();
  });

  test("forgets what was typed by whoever logged out here", async () => {
    page.server.visitor = "1";
    await page.load();
    page.server.answers.conversations = refuse(0);
    await page.say("words that never left");
    await page.type("half a tho");
    page.leave();
    page = new Page(chips);
    page.server.visitor = "";
    await page.load();
    expect(page.field.value).toBe("");
    expect(sessionStorage.getItem("chatdesk:draft")).toBeNull();
    await page.rest(10_000);
    expect(page.server.asked("conversations")).toEqual([]);
    expect(page.texts(".b")).not.toContain("words that never left");
  });

  test("makes a line with Shift and while a word is being chosen", async () => {
    await page.load();
    await page.type("hello");
    await page.press("Enter", page.field, { shiftKey: true });
    await page.press("Enter", page.field, { isComposing: true });
    expect(page.all(".bx")).toEqual([]);
    await page.press("Enter");
    expect(page.texts(".bx")).toEqual(["hello"]);
  });

  test("leaves Enter to the lines on a touch screen", async () => {
    setMedia((query) => query.includes("coarse"));
    await page.load();
    await page.type("hello");
    await page.press("Enter");
    expect(page.all(".bx")).toEqual([]);
    await page.click(".send");
    expect(page.texts(".bx")).toEqual(["hello"]);
  });

  test("sends no empty words and none that are too long", async () => {
    await page.load();
    await page.say("   \n ");
    expect(page.all(".bx")).toEqual([]);
    await page.type("x".repeat(4_001));
    expect(page.find(".fine[role=alert]")?.textContent).toContain("4,001");
    await page.press("Enter");
    expect(page.all(".bx")).toEqual([]);
    expect(page.field.value).toHaveLength(4_001);
  });

  test("shows hostile words as words", async () => {
    await page.load();
    await page.say('<img src=x onerror="alert(1)">');
    expect(page.texts(".bx")).toEqual(['<img src=x onerror="alert(1)">']);
    expect(page.find(".bx img")).toBeNull();
  });

  test("takes what was typed before the panel was there", async () => {
    await page.load();
    page.panel?.prefill("typed early");
    await page.rest();
    expect(page.field.value).toBe("typed early");
    page.panel?.prefill("About my order");
    await page.rest();
    expect(page.field.value).toBe("About my order\ntyped early");
  });
});

describe("the sneak peek", () => {
  const drafts = () => socket().sent("eph");

  test("shows the draft to staff, and says so beside the composer", async () => {
    await talk();
    expect(page.find(".fine")?.textContent).toContain("Anna sees this as you type.");
    await page.type("hel");
    await page.rest(500);
    expect(drafts()).toEqual([{ type: "eph", conv: CONV, kind: "draft", text: "hel" }]);
  });

  test("ends with one switch, which is remembered", async () => {
    await talk();
    await page.choose("Turn off");
    expect(drafts().at(-1)).toEqual({ type: "eph", conv: CONV, kind: "draft" });
    await page.type("secret");
    await page.rest(500);
    expect(drafts().at(-1)).toEqual({ type: "eph", conv: CONV, kind: "typing" });
    expect(page.find(".fine")?.textContent).toContain("Only what you send is seen.");
    page.leave();
    page = new Page(chips);
    await talk();
    expect(page.find(".fine")?.textContent).toContain("Turn on");
  });

  test("is not offered where the shop has none", async () => {
    page = new Page({ peek: "0" });
    await talk();
    expect(page.find(".fine")?.textContent).toContain("No forms, no sign-up.");
    await page.type("hello");
    await page.rest(500);
    expect(drafts()[0]?.kind).toBe("typing");
    await page.click(".more");
    expect(page.texts("[role^=menuitem]")).not.toContain("Show my typing");
  });
});

describe("the menu", () => {
  const items = () => page.texts("[role^=menuitem]");

  test("has before the first message only what makes sense then", async () => {
    await page.load();
    await page.click(".more");
    expect(items()).toEqual(["How we use chats", "Show my typing"]);
  });

  test("is walked with the arrows and left with Escape", async () => {
    await talk();
    await page.click(".more");
    expect(page.focused?.textContent).toBe("E-mail me this conversation");
    const press = (key: string) => page.press(key, page.focused as Element);
    await press("ArrowDown");
    expect(page.focused?.textContent).toBe("Leave a contact");
    await press("ArrowUp");
    await press("ArrowUp");
    expect(page.focused?.textContent).toBe("End conversation");
    await press("Home");
    expect(page.focused?.textContent).toBe("E-mail me this conversation");
    await press("Escape");
    expect(page.find("[role=menu]")).toBeNull();
    expect(page.focused).toBe(page.find(".more"));
    expect(page.told.minimised).toBe(0);
    await press("Escape");
    expect(page.told.minimised).toBe(1);
  });

  test("shows how chats are used, and the way back", async () => {
    await page.load();
    await page.click(".more");
    await page.choose("How we use chats");
    expect(page.find(".use")?.textContent).toContain("A cookie is set");
    const box = page.find<HTMLInputElement>(".use input");
    expect(box?.checked).toBe(true);
    box?.click();
    await page.rest();
    expect(localStorage.getItem("chatdesk:peek")).toBe("0");
    await page.choose("Back");
    expect(page.field).not.toBeNull();
  });

  test("asks for the code of an address that nobody has proven", async () => {
    await talk();
    page.server.answers.transcript = () => ({ needs_code: true });
    await page.click(".more");
    await page.choose("E-mail me");
    const input = page.find<HTMLInputElement>("input[type=email]") as HTMLInputElement;
    input.value = "me@example.com";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await page.choose("E-mail it");
    const code = page.find<HTMLInputElement>("input.code") as HTMLInputElement;
    page.server.answers.transcript = () => ({});
    code.value = "123456";
    code.dispatchEvent(new Event("input", { bubbles: true }));
    await page.choose("Confirm");
    expect(page.server.asked("transcript").at(-1)?.body).toEqual({
      email: "me@example.com",
      code: "123456",
    });
    expect(page.find(".done")?.textContent).toBe("On its way to me@example.com");
  });

  test("mails a copy to a plausible address", async () => {
    await talk();
    await page.click(".more");
    await page.choose("E-mail me");
    const input = page.find<HTMLInputElement>("input[type=email]") as HTMLInputElement;
    expect(page.focused).toBe(input);
    const give = async (address: string) => {
      input.value = address;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await page.choose("E-mail it");
    };
    await give("nonsense");
    expect(page.find(".note-card [role=alert]")?.textContent).toBe(
      "An e-mail address looks like name@example.com",
    );
    expect(page.server.asked("transcript")).toEqual([]);
    await give("me@example.com");
    expect(page.server.asked("transcript")[0]?.body).toEqual({
      email: "me@example.com",
      code: "",
    });
    expect(page.find(".done")?.textContent).toBe("On its way to me@example.com");
  });

  test.each([
    [400, "Please write one address."],
    [400, "An e-mail address looks like name@example.com"],
    [0, "That did not reach us. Try again"],
  ])("says what is wrong when the server answers %i: %s", async (status, words) => {
    const text = words.startsWith("Please") ? words : "";
    page.server.answers.transcript = refuse(status, "invalid", text);
    await end();
    const input = page.find<HTMLInputElement>("input[type=email]") as HTMLInputElement;
    input.value = "me@example.com";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await page.choose("E-mail it");
    expect(page.find(".note-card [role=alert]")?.textContent).toBe(words);
  });

  test("ends the conversation, or says that it could not", async () => {
    await talk();
    page.server.answers.close = refuse(0);
    await page.click(".more");
    await page.choose("End conversation");
    expect(page.find(".band.bad")?.textContent).toContain("Could not end it");
    page.server.answers.close = () => ({});
    await page.click(".band.bad button");
    expect(page.find(".band.bad")).toBeNull();
    await page.click(".more");
    await page.choose("End conversation");
    expect(page.server.asked("close")).toHaveLength(2);
  });
});

describe("the end", () => {
  test("asks for a like and offers a copy, and takes the composer away", async () => {
    await end("operator");
    expect(page.texts(".sys").at(-1)).toContain("The conversation was ended at");
    expect(page.find(".st")?.textContent).toBe("This conversation has ended");
    expect(page.find(".note-card h3")?.textContent).toBe("Did Anna help you?");
    expect(page.find("textarea")).toBeNull();
    expect(localStorage.getItem("chatdesk:dialog")).toBeNull();
  });

  test("takes a thumb at once and a word after it", async () => {
    await end();
    await page.choose("Yes, thanks");
    expect(page.server.asked("rating")[0]?.body).toEqual({ thumb: "up", comment: "" });
    expect(page.find(".rate .up")?.getAttribute("aria-pressed")).toBe("true");
    const word = page.find<HTMLInputElement>("#word") as HTMLInputElement;
    word.value = " Quick ";
    word.dispatchEvent(new Event("input", { bubbles: true }));
    await page.click(".note-card form .ib");
    expect(page.server.asked("rating")[1]?.body).toEqual({
      thumb: "up",
      comment: "Quick",
    });
    expect(page.find(".done")?.textContent).toBe("Thank you, noted");
  });

  test("lets the thumb be changed, and shows the one given before", async () => {
    page.server.dialogs = [
      conversation({ status: "closed", head: 3, thumb: "up", reopens_until: 9e15 }),
    ];
    await page.load();
    socket().welcome();
    socket().tell(
      events(1, 3, [entry(1), operatorEntry(2), entry(3, { kind: "closed" })]),
    );
    await page.rest();
    expect(page.find(".rate .up")?.getAttribute("aria-pressed")).toBe("true");
    await page.choose("Not really");
    expect(page.find(".rate .down")?.getAttribute("aria-pressed")).toBe("true");
    expect(page.find<HTMLInputElement>("#word")?.placeholder).toBe("What went wrong?");
  });

  test("says when the rating did not arrive", async () => {
    page.server.answers.rating = refuse(0);
    await end();
    await page.choose("Not really");
    expect(page.find(".note-card [role=status]")?.textContent).toContain(
      "did not reach us",
    );
  });

  test("leads to a new conversation", async () => {
    await end();
    await page.choose("Start a new conversation");
    expect(page.find(".hello")).not.toBeNull();
    expect(page.focused).toBe(page.field);
    page.server.answers.conversations = () => conversation({ id: "d".repeat(32) });
    await page.say("Another thing");
    expect(page.texts(".bx")).toEqual(["Another thing"]);
    expect(socket().sent("send").at(-1)?.conv).toBe("d".repeat(32));
  });

  test("can be gone back on for a while", async () => {
    await end();
    await page.choose("Go on with this one");
    await page.say("One more thing");
    expect(socket().sent("send").at(-1)).toMatchObject({ conv: CONV });
    const reopened = entry(4, { kind: "reopened", author: "system" });
    const said = socket().sent("send").at(-1)?.cmid ?? "";
    socket().tell(events(4, 5, [reopened, entry(5, { cmid: said })]));
    await page.rest();
    expect(page.field).not.toBeNull();
    expect(page.texts(".sys").at(-1)).toBe("The conversation goes on");
  });

  test("of long ago cannot", async () => {
    await end();
    expect(page.texts(".after button")).toHaveLength(2);
    await page.rest(120_000);
    expect(page.texts(".after button")).toEqual(["Start a new conversation"]);
  });
});

describe("who waits", () => {
  test("is told at once when the last operator leaves", async () => {
    await talk([entry(1)]);
    expect(page.find(".note-card")).toBeNull();
    socket().tell({ type: "availability", availability: { state: "away" } });
    await page.rest();
    expect(page.find(".note-card")?.textContent).toContain("Nobody is at the desk");
    socket().tell({ type: "availability", availability: { state: "busy", online: 3 } });
    await page.rest();
    expect(page.find(".note-card")?.textContent).toContain(
      "All 3 consultants are talking",
    );
  });

  test("sees the operator who answered as away, not as online", async () => {
    await talk();
    expect(page.find(".cw-h .dot")?.className).toBe("dot");
    socket().tell({ type: "availability", availability: { state: "away" } });
    await page.rest();
    expect(page.find(".cw-h .dot")?.className).toBe("dot away");
    expect(page.find(".st")?.textContent).toBe("Away now, answers later");
  });

  test("sees no green dot on somebody who is not known to be there", async () => {
    page.server.availability = { state: "online", online: 1, operators: [] };
    await talk([
      entry(1),
      operatorEntry(2, { kind: "taken", data: { name: "Anna S" } }),
    ]);
    expect(page.find("h2")?.textContent).toBe("Anna S");
    expect(page.find(".cw-h .dot")).toBeNull();
  });
});

describe("for everyone", () => {
  test("is a dialog with a name, a log and a labelled field", async () => {
    await talk();
    const dialog = page.find("[role=dialog]");
    expect(dialog?.getAttribute("aria-modal")).toBe("false");
    expect(page.find(`#${dialog?.getAttribute("aria-labelledby")}`)).not.toBeNull();
    expect(page.find("[role=log]")?.getAttribute("aria-label")).toBe(
      "Conversation with Anna Sokolova",
    );
    expect(page.find("[role=log]")?.tabIndex).toBe(0);
    expect(page.find(".m.them .vh")?.textContent).toMatch(/^Anna Sokolova, /);
    expect(page.field.getAttribute("aria-label")).toBe("Your message");
  });

  test("puts the focus where it was asked for", async () => {
    await page.load("heading");
    expect(page.focused?.tagName).toBe("H2");
    page.panel?.show("text");
    await page.rest();
    expect(page.focused).toBe(page.field);
    page.leave();
    page = new Page();
    await page.load("none");
    expect(page.focused).toBeNull();
  });

  test("minimises by its button", async () => {
    await page.load();
    await page.click(".close");
    expect(page.told.minimised).toBe(1);
    expect(page.find(".cw")?.hidden).toBe(true);
  });
});

describe("on a phone", () => {
  const isSmall = (query: string) => query.includes("max-width");

  test("covers the page and gives it back exactly", async () => {
    setMedia(isSmall);
    const shop = document.createElement("main");
    const sealed = document.createElement("aside");
    sealed.inert = true;
    document.body.append(shop, sealed);
    document.documentElement.style.overflow = "clip";
    await page.load();
    expect(page.find("[role=dialog]")?.getAttribute("aria-modal")).toBe("true");
    expect(page.find(".close")?.getAttribute("aria-label")).toBe("Close chat");
    expect([shop.inert, sealed.inert]).toEqual([true, true]);
    expect(document.documentElement.style.overflow).toBe("hidden");
    page.panel?.hide();
    await page.rest();
    expect([shop.inert, sealed.inert]).toEqual([false, true]);
    expect(document.documentElement.style.overflow).toBe("clip");
    shop.remove();
    sealed.remove();
  });

  test("closes by Back", async () => {
    setMedia(isSmall);
    const push = vi.spyOn(history, "pushState");
    await page.load();
    expect(push).toHaveBeenCalledTimes(1);
    dispatchEvent(new Event("popstate"));
    await page.rest();
    expect(page.told.minimised).toBe(1);
    dispatchEvent(new Event("popstate"));
    expect(page.told.minimised).toBe(1);
  });
});
