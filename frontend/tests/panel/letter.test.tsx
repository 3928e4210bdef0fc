import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Availability } from "../../src/protocol";
import { entry, events, FakeSocket, setVisibility, synced } from "../fakes";
import { conversation, HERE, Page, refuse } from "./page";

let page: Page;

/** A visitor has asked, and nobody is there. */
async function ask(): Promise<void> {
  page.server.availability = { state: "offline" };
  page.server.dialogs = [conversation({ head: 1 })];
  await page.load();
  FakeSocket.latest.welcome();
  FakeSocket.latest.tell(events(1, 1, [entry(1)]));
  FakeSocket.latest.tell(synced(1));
  await page.rest();
}

/** The server says that the thread is a letter now. */
async function hearLetter(seq: number, contact = ""): Promise<void> {
  const kind = contact ? "telegram" : "";
  const data = { kind, contact, due_at: Date.UTC(2026, 10, 30, 10) };
  const item = entry(seq, { kind: "letter", data });
  FakeSocket.latest.tell(events(seq, seq, [item]));
  await page.rest();
}

/** The server noted where to answer. */
async function hearContact(seq: number, contact: string): Promise<void> {
  const item = entry(seq, { kind: "contact", data: { kind: "phone", contact } });
  FakeSocket.latest.tell(events(seq, seq, [item]));
  await page.rest();
}

async function learn(availability: Availability): Promise<void> {
  FakeSocket.latest.tell({ type: "availability", availability });
  await page.rest();
}

/** The server's clock wrote that it takes longer. */
async function hearRescue(seq: number): Promise<void> {
  const rescue = { kind: "auto", author: "system", data: { step: "rescue" } } as const;
  FakeSocket.latest.tell(
    events(seq, seq, [entry(seq, { ...rescue, text: "It takes longer." })]),
  );
  await page.rest();
}

async function give(contact: string): Promise<void> {
  const input = page.find<HTMLInputElement>("#contact") as HTMLInputElement;
  input.value = contact;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await page.rest();
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("matchMedia", () => ({
    matches: false,
    addEventListener: () => undefined,
  }));
  setVisibility("visible");
  localStorage.clear();
  sessionStorage.clear();
  page = new Page();
});

afterEach(() => {
  page.leave();
  vi.useRealTimers();
});

describe("a thread without anybody", () => {
  test("becomes a letter by itself, once, with nothing asked", async () => {
    await ask();
    expect(page.server.asked("letter")).toEqual([]);
    await page.rest(6_000);
    expect(page.server.asked("letter").map(({ body }) => body)).toEqual([
      { contact: "" },
    ]);
    await hearLetter(2);
    await page.rest(60_000);
    expect(page.server.asked("letter")).toHaveLength(1);
    expect(page.find(".letter h3")?.textContent).toBe("Your question is with us");
    expect(page.find(".letter")?.textContent).toContain("waits for you here");
    expect(page.field).not.toBeNull();
  });

  test("may be withdrawn, which ends the dialog and is told when it fails", async () => {
    await ask();
    expect(page.find(".letter .quiet")).toBeNull();
    await hearLetter(2, "@marat_k");
    page.server.answers.close = refuse(0);
    await page.choose("Withdraw question");
    expect(page.find("[role=alert]")?.textContent).toContain("end");
    page.server.answers.close = () => ({});
    await page.choose("Withdraw question");
    expect(page.server.asked("close")).toHaveLength(2);
  });

  test("asks nobody whether it helped when it was withdrawn", async () => {
    await ask();
    await hearLetter(2);
    const closed = { kind: "closed", author: "visitor" } as const;
    FakeSocket.latest.tell(events(3, 3, [entry(3, closed)]));
    await page.rest();
    expect(page.texts("h3")).toEqual(["Keep a copy"]);
  });

  test("asks whether it helped when staff ended it", async () => {
    await ask();
    await hearLetter(2);
    const closed = { kind: "closed", author: "operator" } as const;
    FakeSocket.latest.tell(events(3, 3, [entry(3, closed)]));
    await page.rest();
    expect(page.texts("h3")).toContain("Did we help you?");
  });

  test("shows what is typed to nobody, and does not say that it does", async () => {
    await ask();
    await page.type("secret");
    await page.rest(500);
    const drafts = () => FakeSocket.latest.sent("eph").map(({ kind }) => kind);
    expect(drafts()).toEqual(["typing"]);
    expect(page.find(".fine")?.textContent).toBe("How we use chats");
    await learn(HERE);
    expect(page.find(".fine")?.textContent).toContain("We see this as you type.");
    await page.type("secret!");
    await page.rest(500);
    await learn({ state: "away" });
    expect(drafts()).toEqual(["typing", "draft", "draft"]);
    expect(page.find(".fine")?.textContent).toBe("How we use chats");
  });

  test("is tried again when the letter did not reach the server", async () => {
    await ask();
    page.server.answers.letter = refuse(0);
    await page.rest(6_000);
    page.server.answers.letter = () => ({});
    await page.rest(16_000);
    expect(page.server.asked("letter")).toHaveLength(2);
  });

  test("takes one contact of any kind and says what it is", async () => {
    await ask();
    await hearLetter(2);
    await give("@marat_k");
    expect(page.find(".kind")?.textContent).toBe("Telegram");
    await page.choose("Save");
    expect(page.server.asked("letter").at(-1)?.body).toEqual({ contact: "@marat_k" });
    await hearLetter(3, "@marat_k");
    expect(page.find(".letter p:nth-of-type(2)")?.textContent).toContain(
      "to @marat_k on",
    );
    expect(page.find("#contact")).toBeNull();
    await page.choose("Change contact");
    expect(page.find("#contact")).not.toBeNull();
  });

  test("promises nothing at half an address", async () => {
    await ask();
    await hearLetter(2, "marat@");
    expect(page.find(".letter")?.textContent).toContain(
      "The answer waits for you here",
    );
    expect(page.find(".letter")?.textContent).not.toContain("to marat@");
  });

  test("says it when a contact did not arrive, and keeps it", async () => {
    await ask();
    await hearLetter(2);
    await give("whatever he likes");
    page.server.answers.letter = refuse(503);
    await page.choose("Save");
    expect(page.find(".letter [role=alert]")?.textContent).toContain("did not reach");
    expect(page.find<HTMLInputElement>("#contact")?.value).toBe("whatever he likes");
  });
});

describe("a shop where nobody is", () => {
  const opensAt = Date.now() + 26 * 3_600_000;

  async function come(): Promise<void> {
    page.server.availability = { state: "offline", opens_at: opensAt };
    await page.load();
  }

  test("shows a letter form, and when it opens, before anybody types", async () => {
    await come();
    expect(page.find("#title")?.textContent).toBe("We are offline now");
    expect(page.find(".cw-h .st")?.textContent).toMatch(/^Back .+ at /);
    expect(page.find(".hello")?.textContent).toContain("this is a letter, not a chat");
    expect(page.texts("label")).toEqual(["Your question", "Where should we reply?"]);
    expect(page.find("button.send")).toBeNull();
    expect(page.find("[required]")).toBeNull();
  });

  test("shows when somebody is there, until the shop opens", async () => {
    const today = new Date();
    const at = (hour: number) => new Date(today).setHours(hour, 0, 0, 0);
    const hours = { stretches: [{ begins_at: at(9), ends_at: at(18) }] };
    page.server.answers.hours = () => hours;
    await come();
    const week = page.find(".week");
    expect(week?.querySelector("summary")?.textContent).toBe("When we are here");
    expect(week?.hasAttribute("open")).toBe(false);
    expect(page.find(".week .now")?.textContent).toContain("closed now");
    expect(week?.textContent).toContain("Closed");
    expect(page.server.asked("hours")).toHaveLength(1);
  });

  test("does without the hours where they cannot be had, or are none", async () => {
    page.server.answers.hours = refuse(500);
    await come();
    expect(page.find(".week")).toBeNull();
    expect(page.texts("label")).toContain("Your question");
  });

  test("sends the question and the contact with one press", async () => {
    await come();
    await page.type("Is the kettle in stock?");
    await give("@marat_k");
    expect(page.find(".kind.ok")?.textContent).toBe("Telegram");
    await page.choose("Send question");
    await page.rest();
    const socket = FakeSocket.latest;
    socket.welcome();
    const [sent] = socket.sent("send");
    expect(sent?.body.text).toBe("Is the kettle in stock?");
    socket.tell(events(1, 1, [entry(1, { cmid: sent?.cmid ?? "" })]));
    socket.tell(synced(1));
    await page.rest();
    expect(page.server.asked("letter").map(({ body }) => body)).toEqual([
      { contact: "@marat_k" },
    ]);
    await hearLetter(2, "@marat_k");
    await page.rest(60_000);
    expect(page.server.asked("letter")).toHaveLength(1);
    expect(page.find("#contact")).toBeNull();
  });

  test("needs no contact, and says what is missing where the question is empty", async () => {
    await come();
    await page.choose("Send question");
    expect(page.find(".as-letter [role=alert]")?.textContent).toContain(
      "Write your question",
    );
    expect(page.focused).toBe(page.field);
    expect(page.server.asked("conversations")).toEqual([]);
    await page.say("A line");
    expect(page.server.asked("conversations")).toEqual([]);
    await page.press("Enter", page.field, { ctrlKey: true });
    await page.rest();
    expect(page.server.asked("conversations")).toHaveLength(1);
    expect(page.texts(".m .bx")).toEqual(["A line"]);
  });

  test("takes an address that looks unfinished, and says that it does", async () => {
    await come();
    await give("marat@");
    expect(page.find("#contact-hint")?.textContent).toContain("looks unfinished");
    expect(page.find(".kind.ok")).toBeNull();
    await give("marat@example.org");
    expect(page.find("#contact-hint")?.textContent).toContain("whatever you like");
  });

  test("becomes a chat under the hands of whoever types, and a letter again", async () => {
    await come();
    await page.type("Half a quest");
    const { field } = page;
    field.focus();
    page.server.availability = HERE;
    await page.rest(9_000);
    expect(page.find("button.send")).not.toBeNull();
    expect(page.find("#contact")).toBeNull();
    page.server.availability = { state: "away" };
    await page.rest(9_000);
    expect(page.find("#title")?.textContent).toBe("We stepped out");
    expect(page.find("#contact")).not.toBeNull();
    expect(page.field).toBe(field);
    expect(page.field.value).toBe("Half a quest");
    expect(page.focused).toBe(field);
  });

  test("keeps question and contact over a reload", async () => {
    await come();
    await page.type("Is it blue?");
    await give("+7 900 123-45-67");
    page.leave();
    page = new Page();
    await come();
    expect(page.field.value).toBe("Is it blue?");
    expect(page.find<HTMLInputElement>("#contact")?.value).toBe("+7 900 123-45-67");
  });

  test("without the script of letters is a chat whose words are kept", async () => {
    page.leave();
    page = new Page({ letter: "" });
    await come();
    await page.say("Anybody?");
    expect(page.texts(".m .bx")).toEqual(["Anybody?"]);
  });
});

describe("somebody who waits longer than he should", () => {
  async function wait(): Promise<void> {
    await ask();
    await learn(HERE);
  }

  test("may leave a contact after the rescue text, and stays in the chat", async () => {
    await wait();
    expect(page.find("#contact")).toBeNull();
    await hearRescue(2);
    await give("+7 900 123-45-67");
    await page.choose("Save");
    expect(page.server.asked("contact").map(({ body }) => body)).toEqual([
      { contact: "+7 900 123-45-67" },
    ]);
    expect(page.server.asked("letter")).toEqual([]);
    await hearContact(3, "+7 900 123-45-67");
    expect(page.find(".letter")?.textContent).toContain("also answer to +7 900");
    expect(page.find("#contact")).toBeNull();
  });

  test("may make it a letter instead, contact and all", async () => {
    await wait();
    await hearRescue(2);
    await give("@marat_k");
    await page.choose("Leave it as a letter");
    expect(page.server.asked("letter").map(({ body }) => body)).toEqual([
      { contact: "@marat_k" },
    ]);
    await hearLetter(3, "@marat_k");
    expect(page.find(".letter h3")?.textContent).toBe("Your question is with us");
  });

  test("is asked nothing once somebody has answered", async () => {
    await wait();
    await hearRescue(2);
    const answer = entry(3, { author: "operator", by: "7", text: "Yes." });
    FakeSocket.latest.tell(events(3, 3, [answer]));
    await page.rest();
    expect(page.find(".letter")).toBeNull();
  });

  test("in a line is asked beside his place, over five minutes before it", async () => {
    await ask();
    await learn({ state: "busy", online: 2 });
    const place = async (answer_s: number) => {
      const queue = { place: 2, answer_s };
      FakeSocket.latest.tell({ type: "queue", conv: conversation().id, queue });
      await page.rest();
    };
    await place(120);
    expect(page.find(".places ~ .letter label")?.textContent).toContain("Optional");
    expect(page.find("section.letter")).toBeNull();
    await place(400);
    expect(page.find(".letter h3")?.textContent).toContain("takes longer");
    expect(page.find(".letter ~ .note-card .places")).not.toBeNull();
  });
});

describe("somebody who was answered", () => {
  test("may leave a contact from the menu, and is asked for none before", async () => {
    await ask();
    await learn(HERE);
    const answer = entry(2, { author: "operator", by: "7", text: "Yes." });
    FakeSocket.latest.tell(events(2, 2, [answer]));
    await page.rest();
    expect(page.find("#contact")).toBeNull();
    await page.click(".more");
    await page.choose("Leave a contact");
    expect(page.focused).toBe(page.find("#contact"));
    expect(page.find(".letter h3")).toBeNull();
    await give("+7 900 123-45-67");
    await page.choose("Save");
    expect(page.server.asked("contact")).toHaveLength(1);
    await hearContact(3, "+7 900 123-45-67");
    expect(page.find(".letter")?.textContent).toContain("also answer to +7 900");
  });
});
