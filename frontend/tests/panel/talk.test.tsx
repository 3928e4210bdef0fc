import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chooseDialog } from "../../src/panel/chat";
import {
  CONV,
  entry,
  events,
  FakeSocket,
  operatorEntry,
  setVisibility,
  synced,
} from "../fakes";
import { ANNA, conversation, Page, refuse } from "./page";

let page: Page;

const socket = () => FakeSocket.latest;
const metas = () => page.texts(".meta").map((text) => text.replace(/\d.*/, "").trim());
const bubbles = () => page.texts(".bx");

/** Load with a conversation that has these entries. */
async function resume(
  items = [entry(1)],
  given: Parameters<typeof conversation>[0] = {},
): Promise<void> {
  page.server.dialogs = [
    conversation({ head: items.length, status: "open", ...given }),
  ];
  await page.load();
  socket().welcome();
  socket().tell(events(1, items.length, items));
  socket().tell(synced(items.length));
  await page.rest();
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  setVisibility("visible");
  localStorage.clear();
  sessionStorage.clear();
  page = new Page();
});

afterEach(() => {
  page.leave();
  vi.useRealTimers();
});

describe("the first message", () => {
  test("is the first trace: before it there is neither visitor nor socket", async () => {
    await page.load();
    expect(FakeSocket.made).toEqual([]);
    expect(page.server.asked("session")).toHaveLength(1);
    expect(page.server.asked("conversations")).toEqual([]);
    expect(localStorage.getItem("chatdesk:dialog")).toBeNull();
  });

  test("makes the conversation, then goes there", async () => {
    await page.load();
    await page.say("Is it in stock?");
    expect(bubbles()).toEqual(["Is it in stock?"]);
    expect(page.field.value).toBe("");
    const asked = page.server.asked("conversations")[0];
    expect(asked?.body).toMatchObject({ language: "en", page_url: location.href });
    expect(FakeSocket.made).toHaveLength(1);
    expect(metas()).toEqual(["Sending…"]);
    socket().welcome();
    const sent = socket().sent("send")[0];
    expect(sent).toMatchObject({ conv: CONV, body: { text: "Is it in stock?" } });
    const cmid = sent?.cmid ?? "";
    socket().tell({ type: "sent", cmid, conv: CONV, seq: 1, at: Date.now() });
    await page.rest();
    expect(metas()).toEqual(["Sent"]);
    socket().tell(events(1, 1, [entry(1, { cmid, text: "Is it in stock?" })]));
    await page.rest();
    expect(bubbles()).toEqual(["Is it in stock?"]);
    expect(localStorage.getItem("chatdesk:dialog")).toBe("1");
  });

  test("waits for the network and is sent when it is back", async () => {
    await page.load();
    page.server.answers.conversations = refuse(0);
    await page.say("Hello");
    expect(metas()).toEqual(["Waiting for connection"]);
    await page.rest(3_000);
    expect(page.find(".band")?.textContent).toContain("No connection");
    page.server.answers.conversations = () => conversation();
    dispatchEvent(new Event("online"));
    await page.rest();
    socket().welcome();
    await page.rest();
    expect(socket().sent("send")).toHaveLength(1);
    expect(page.find(".band")).toBeNull();
  });

  test("survives a reload in the middle of it", async () => {
    await page.load();
    page.server.answers.conversations = refuse(0);
    await page.say("Hello");
    page.leave();
    page = new Page();
    await page.load();
    await page.rest(500);
    expect(bubbles()).toEqual(["Hello"]);
    expect(page.server.asked("conversations")).toHaveLength(1);
    socket().welcome();
    await page.rest();
    expect(socket().sent("send")).toHaveLength(1);
  });

  test("that may not be written fails with a way on", async () => {
    await page.load();
    page.server.answers.conversations = refuse(403, "blocked");
    await page.say("Hello");
    expect(page.find(".meta.fail")?.textContent).toContain("Not sent");
    page.server.answers.conversations = () => conversation();
    await page.choose("Try again");
    expect(FakeSocket.made).toHaveLength(1);
  });

  test("of two written quickly makes one conversation", async () => {
    await page.load();
    await page.type("one");
    await page.press("Enter");
    await page.type("two");
    await page.press("Enter");
    await page.rest();
    expect(page.server.asked("conversations")).toHaveLength(1);
    expect(bubbles()).toEqual(["one", "two"]);
  });
});

describe("a conversation", () => {
  test("comes back with its history", async () => {
    await resume([entry(1), operatorEntry(2)]);
    expect(bubbles()).toEqual(["words 1", "words 2"]);
    expect(socket().sent("hello")[0]?.resume?.[0]?.conv).toBe(CONV);
    expect(page.find(".hello")).toBeNull();
  });

  test("does not greet who is known while the history is on its way", async () => {
    page.server.dialogs = [conversation({ head: 3, status: "open" })];
    await page.load();
    expect(page.find(".hello")).toBeNull();
    expect(page.find(".loading")).not.toBeNull();
  });

  test("goes from sent to delivered to read", async () => {
    await resume([entry(1)]);
    expect(metas()).toEqual(["Sent"]);
    socket().tell({ type: "marks", conv: CONV, marks: { operator_delivered: 1 } });
    await page.rest();
    expect(metas()).toEqual(["Delivered"]);
    socket().tell({ type: "marks", conv: CONV, marks: { operator_read: 1 } });
    await page.rest();
    expect(metas()).toEqual(["Read"]);
  });

  test("says after ten seconds that it still tries", async () => {
    await resume();
    await page.say("Hello?");
    expect(metas().at(-1)).toBe("Sending…");
    await page.rest(11_000);
    expect(metas().at(-1)).toBe("Not sent yet, still trying");
    expect(socket().sent("send").length).toBeGreaterThan(1);
  });

  test("keeps refused words, to be sent again or deleted", async () => {
    await resume();
    await page.say("Hello?");
    const refused = () => {
      const cmid = socket().sent("send").at(-1)?.cmid ?? "";
      socket().tell({ type: "nack", cmid, code: "too_large", final: true });
      return page.rest();
    };
    await refused();
    expect(page.find(".meta.fail")?.textContent).toContain("It is too long");
    expect(page.find("[role=alert]")?.textContent).toContain("Not sent");
    await page.choose("Try again");
    expect(socket().sent("send")).toHaveLength(2);
    await refused();
    await page.choose("Delete");
    expect(bubbles()).toEqual(["words 1"]);
  });

  test("shows the operator's photo, name and position", async () => {
    await resume([
      entry(1),
      operatorEntry(2, { kind: "taken", data: { name: "Anna" } }),
    ]);
    expect(page.find("h2")?.textContent).toBe(ANNA.name);
    expect(page.find(".cw-h img")?.getAttribute("src")).toBe("/anna.webp");
    expect(page.find(".cw-h .st")?.textContent).toBe("Answers in about 12 s");
    expect(page.texts(".sys")).toEqual(["Anna joins you"]);
  });

  test("asks once who an operator is that it does not know", async () => {
    await resume([entry(1)]);
    const stranger = { id: "9", name: "Tomas Berg", photo: "/t.webp" };
    page.server.dialogs = [conversation({ head: 2, operator: stranger })];
    socket().tell(events(2, 2, [operatorEntry(2, { by: "9" })]));
    await page.rest();
    socket().tell(events(3, 3, [operatorEntry(3, { by: "9" })]));
    await page.rest();
    expect(page.server.asked("session")).toHaveLength(2);
    expect(page.find("h2")?.textContent).toBe("Tomas Berg");
  });

  test("shows dots for five seconds, or until the words are there", async () => {
    await resume([entry(1), operatorEntry(2)]);
    const type = () => {
      const frame = {
        type: "eph",
        conv: CONV,
        kind: "typing",
        author: "operator",
        at: 1,
      };
      socket().tell(frame);
      return page.rest();
    };
    await type();
    expect(page.find(".typing")).not.toBeNull();
    await page.rest(5_000);
    expect(page.find(".typing")).toBeNull();
    await type();
    socket().tell(events(3, 3, [operatorEntry(3)]));
    await page.rest();
    expect(page.find(".typing")).toBeNull();
  });

  test("is told to be read only by who looks at it", async () => {
    await resume([entry(1)]);
    setVisibility("hidden");
    socket().tell(events(2, 2, [operatorEntry(2)]));
    await page.rest(1_000);
    expect(socket().sent("read")).toEqual([]);
    expect(socket().sent("ack").at(-1)).toMatchObject({ seq: 2 });
    setVisibility("visible");
    await page.rest();
    expect(socket().sent("read")).toEqual([{ type: "read", conv: CONV, seq: 2 }]);
  });

  test("counts what is unread while minimised, and in the title of a hidden page", async () => {
    document.title = "Shop";
    await resume([entry(1)]);
    page.panel?.hide();
    socket().tell(events(2, 3, [operatorEntry(2), operatorEntry(3)]));
    await page.rest();
    expect(page.told).toMatchObject({ unread: 2, name: ANNA.name });
    setVisibility("hidden");
    expect(document.title).toBe("(2) Shop");
    setVisibility("visible");
    expect(document.title).toBe("Shop");
    page.panel?.show("text");
    await page.rest();
    expect(page.told.unread).toBe(0);
  });

  test("that the server no longer has keeps unsent words for a new one", async () => {
    await resume([entry(1)]);
    await page.say("Hello?");
    page.server.visitor = "1";
    page.server.dialogs = [];
    socket().tell({ type: "reset", conv: CONV, epoch: "", reason: "gone" });
    const other = "d".repeat(32);
    page.server.answers.conversations = () => conversation({ id: other });
    await page.rest(200);
    expect(bubbles()).toEqual(["Hello?"]);
    expect(socket().sent("send").at(-1)).toMatchObject({ conv: other });
  });

  test("that went with its owner takes his unsent words with it", async () => {
    await resume([entry(1)]);
    await page.say("Hello?");
    page.server.visitor = "";
    page.server.dialogs = [];
    socket().tell({ type: "reset", conv: CONV, epoch: "", reason: "gone" });
    await page.rest(200);
    expect(bubbles()).toEqual([]);
    expect(page.server.asked("conversations")).toEqual([]);
  });

  test("rests when too many tabs are open, until somebody looks at it", async () => {
    await resume();
    setVisibility("hidden");
    socket().break(4409);
    await page.rest(120_000);
    expect(FakeSocket.made).toHaveLength(1);
    expect(page.server.asked("session")).toHaveLength(1);
    expect(bubbles()).toEqual(["words 1"]);

    setVisibility("visible");
    await page.rest();
    expect(FakeSocket.made).toHaveLength(2);
    socket().open();
    expect(socket().sent("hello")[0]?.resume?.[0]).toMatchObject({ cursor: 1 });
  });

  test("comes back from its rest with what is said there", async () => {
    await resume();
    socket().break(4409);
    await page.say("And now?");
    socket().welcome();
    await page.rest();
    expect(socket().sent("send")[0]?.body?.text).toBe("And now?");
  });

  test("that may no longer be opened makes room for who this browser is now", async () => {
    await resume([entry(1)]);
    page.server.dialogs = [];
    socket().break(4401);
    await page.rest(3_500);
    expect(page.server.asked("session")).toHaveLength(2);
    expect(page.find(".hello")).not.toBeNull();
  });
});

describe("without a network", () => {
  test("says so, keeps the composer, and sends when it is back", async () => {
    await resume([entry(1)]);
    page.server.answers.events = refuse(0);
    socket().break();
    await page.rest(3_000);
    expect(page.find(".band")?.textContent).toContain("Your words are safe");
    await page.say("No hurry");
    expect(metas().at(-1)).toBe("Waiting for connection");
    dispatchEvent(new Event("online"));
    socket().welcome();
    await page.rest();
    expect(page.find(".band")).toBeNull();
    expect(socket().sent("send")[0]).toMatchObject({ body: { text: "No hurry" } });
  });

  test("of a moment says nothing", async () => {
    await resume([entry(1)]);
    socket().break();
    await page.rest(1_000);
    expect(page.find(".band")).toBeNull();
  });
});

describe("the dialog to show", () => {
  const closed = { status: "closed", closed_at: 1, reopens_until: 100 };

  test("is the unfinished one, then one that can still go on", () => {
    const open = conversation({ id: "a" });
    const ended = conversation({ id: "b", ...closed });
    expect(chooseDialog([ended, open], 50)).toBe(open);
    expect(chooseDialog([ended], 50)).toBe(ended);
    expect(chooseDialog([ended], 101)).toBeNull();
    expect(chooseDialog([], 0)).toBeNull();
  });
});
