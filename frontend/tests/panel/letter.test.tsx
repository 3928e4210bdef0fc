import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { entry, events, FakeSocket, setVisibility, synced } from "../fakes";
import { conversation, Page, refuse } from "./page";

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
    expect(page.find(".letter p:nth-of-type(2)")?.textContent).toContain("@marat_k");
    expect(page.find("#contact")).toBeNull();
    await page.choose("Change contact");
    expect(page.find("#contact")).not.toBeNull();
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
