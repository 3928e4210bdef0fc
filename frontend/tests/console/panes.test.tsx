import { describe, expect, it } from "vitest";
import { CloseForm } from "../../src/console/close-form";
import { Conversation } from "../../src/console/conversation";
import { receive, receiveCopy } from "../../src/console/frames";
import { List } from "../../src/console/list";
import { LostBand } from "../../src/console/lost";
import { Presence } from "../../src/console/presence";
import { Rules } from "../../src/console/rules";
import { Visitor } from "../../src/console/visitor";
import type { InboxRow, VisitorCard } from "../../src/protocol";
import { ME, makeCopy, makeDesk, makeEntry, makeRow, NOW } from "./make";
import { byText, click, find, press, settle, show } from "./render";

const HOSTILE = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;

function withRows(...rows: InboxRow[]) {
  const desk = makeDesk({ "/take/": {} });
  desk.state.now.value = NOW;
  receive(desk.state, { type: "inbox", rows, whole: true });
  return desk;
}

describe("the list", () => {
  it("names a row by who, how long, how much is unread", () => {
    const row = makeRow({ visitor: "Ingrid Dahl", owner: ME, waited: 24, unread: 2 });
    const place = show(withRows(row), <List />);
    expect(find(place, ".go").getAttribute("aria-label")).toBe(
      "Ingrid Dahl, waiting 24 seconds, 2 unread",
    );
  });

  it("draws the ring amber at 17 seconds and red with a mark at 24", () => {
    const place = show(
      withRows(makeRow({ waited: 17 }), makeRow({ waited: 24 })),
      <List />,
    );
    expect(find(place, ".ring.warn").textContent).toBe("17");
    expect(find(place, ".ring.bad").textContent).toBe("!24");
  });

  it("takes by its button", async () => {
    const desk = withRows(makeRow({ conv: "a", waited: 1 }));
    const place = show(desk, <List />);
    await click(find(place, ".take"));
    expect(desk.asked[0]?.path).toBe("operator/conversations/a/take/");
  });

  it("says so when all are answered", () => {
    expect(show(withRows(), <List />).textContent).toContain("All answered");
  });

  it("shows what strangers wrote as text", () => {
    const place = show(
      withRows(makeRow({ visitor: HOSTILE, preview: HOSTILE, waited: 1 })),
      <List />,
    );
    expect(find(place, ".nm bdi").textContent).toBe(HOSTILE);
    expect(find(place, ".pv bdi").textContent).toBe(HOSTILE);
    expect(place.querySelector("img, script")).toBeNull();
  });

  it("goes through its tabs by arrows", async () => {
    const desk = withRows();
    const place = show(desk, <List />);
    await press(find(place, "[role=tab]"), "ArrowRight");
    expect(desk.state.tab.value).toBe("team");
    await press(find(place, "[role=tab]"), "ArrowLeft");
    expect(desk.state.tab.value).toBe("mine");
  });
});

describe("the conversation", () => {
  function opened(row: Parameters<typeof makeRow>[0], text = "Is it blue?") {
    const desk = withRows(makeRow({ conv: "a", visitor: "Marat", ...row }));
    receiveCopy(desk.state, makeCopy("a", [makeEntry(1, { text })]));
    desk.state.selected.value = "a";
    return desk;
  }

  it("shows words as text, in a box of their own direction", () => {
    const place = show(opened({ owner: ME }, HOSTILE), <Conversation />);
    expect(find(place, ".bx bdi").textContent).toBe(HOSTILE);
    expect(place.querySelector("img, script")).toBeNull();
  });

  it("proposes to close the dialog of a visitor who is silent for long", async () => {
    const heard_at = NOW - 12 * 60_000;
    const desk = opened({ owner: ME, heard_at });
    const place = show(desk, <Conversation />);
    expect(find(place, ".notmine").textContent).toContain("for 12 min");
    await click(byText(place, ".notmine button", "Close"));
    expect(find(place, "[role=dialog]").textContent).toContain("How did it end?");
    const fresh = makeRow({ conv: "a", owner: ME, head: 9, heard_at: NOW });
    receive(desk.state, { type: "inbox", rows: [fresh], whole: false });
    await settle();
    expect(place.querySelector(".notmine")).toBeNull();
  });

  it("asks for patience with one press, once a question", async () => {
    const desk = opened({ owner: ME, waited: 9 });
    const place = show(desk, <Conversation />);
    await click(find(place, ".hold"));
    expect(desk.asked.at(-1)?.path).toBe("operator/conversations/a/hold/");
    const told = makeEntry(2, {
      kind: "auto",
      author: "system",
      data: { step: "hold" },
    });
    receiveCopy(desk.state, makeCopy("a", [makeEntry(1), { ...told, at: NOW }]));
    await settle();
    expect(place.querySelector(".hold")).toBeNull();
  });

  it("shows who saw to a question that nobody had answered", () => {
    const desk = opened({ owner: ME });
    const data = { name: "Boris" };
    const followed = makeEntry(2, { kind: "followed", author: "system", data });
    receiveCopy(desk.state, makeCopy("a", [makeEntry(1), followed]));
    expect(show(desk, <Conversation />).textContent).toContain("Boris");
  });

  it("proposes it to nobody else, and not while a letter is owed", () => {
    const heard_at = NOW - 12 * 60_000;
    for (const row of [{ owner: "8" }, { owner: ME, letter_due_at: NOW }]) {
      const place = show(opened({ ...row, heard_at }), <Conversation />);
      expect(place.textContent).not.toContain("No word from the visitor");
    }
  });

  it("says for how long it has been led", () => {
    const desk = opened({ owner: ME });
    const taken = makeEntry(2, { kind: "taken", author: "operator" });
    const at = NOW - 7 * 60_000 - 30_000;
    receiveCopy(desk.state, makeCopy("a", [makeEntry(1), { ...taken, at }]));
    expect(find(show(desk, <Conversation />), ".lasts").textContent).toContain("7 min");
  });

  it("makes links of safe addresses only", () => {
    const text = "https://shop.example/a javascript:alert(1) anna@shop.example";
    const place = show(opened({ owner: ME }, text), <Conversation />);
    const links = [...place.querySelectorAll<HTMLAnchorElement>(".bx a")];
    expect(links.map((link) => link.href)).toEqual([
      "https://shop.example/a",
      "mailto:anna@shop.example",
    ]);
    expect(links[0]?.rel).toBe("noopener noreferrer nofollow ugc");
  });

  it("offers to take what nobody leads", async () => {
    const desk = opened({ waited: 2 });
    const place = show(desk, <Conversation />);
    await click(byText(place, "button", "Take"));
    expect(desk.asked.map((each) => each.path)).toContain(
      "operator/conversations/a/take/",
    );
  });

  it("says who leads it, and lets him alone close it", () => {
    const place = show(opened({ owner: "8", owner_name: "Dmitry" }), <Conversation />);
    expect(place.textContent).toContain("Dmitry leads this dialog");
    expect(place.querySelector("[aria-haspopup=dialog]")).toBeNull();
  });

  it("hides the sneak peek from readers until they ask for it", async () => {
    const desk = opened({ owner: ME });
    const place = show(desk, <Conversation />);
    const typed = {
      conv: "a",
      kind: "draft",
      author: "visitor",
      at: 0,
      text: "Or red",
    };
    receive(desk.state, { type: "eph", ...typed });
    await settle();
    expect(find(place, ".peek").getAttribute("aria-hidden")).toBe("true");
    await click(byText(place, "button", "Read what they type"));
    expect(desk.state.spoken.value).toBe("Marat types: Or red");
  });

  it("says that somebody waits when nothing is open", () => {
    const place = show(withRows(makeRow({ waited: 1 })), <Conversation />);
    expect(place.textContent).toContain("Somebody is waiting");
  });
});

describe("closing", () => {
  it("needs an outcome", async () => {
    const desk = makeDesk();
    const place = show(desk, <CloseForm conv="a" />);
    const form = find<HTMLFormElement>(place, "form");
    form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    await settle();
    expect(find(place, "[role=alert]").textContent).toBe(
      "Choose how the dialog ended.",
    );
    expect(desk.asked).toEqual([]);
    await click(byText(place, "label", "Will come back"));
    form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    await settle();
    expect(desk.asked[0]?.body).toEqual({ outcome: "will_return" });
  });
});

describe("the presence switch", () => {
  it("is one stop of the keyboard, and arrows choose nothing on their way", async () => {
    const desk = makeDesk();
    const place = show(desk, <Presence />);
    const radios = [...place.querySelectorAll<HTMLElement>("[role=radio]")];
    expect(radios.map((radio) => radio.tabIndex)).toEqual([0, -1, -1]);
    radios[0]?.focus();
    await press(find(place, "[role=radiogroup]"), "ArrowRight");
    expect(document.activeElement).toBe(radios[1]);
    expect(desk.state.status.value).toBe("online");
    radios[1]?.click();
    await settle();
    expect(desk.state.status.value).toBe("away");
  });
});

describe("the visitor's card", () => {
  function carded(card: Partial<VisitorCard>) {
    const desk = withRows(makeRow({ conv: "a" }));
    const visitor = { id: "1", name: "Marat", number: 1, ...card };
    const dossier = { visitor, operators: [], past: [], firstReply: null };
    desk.state.dossiers.value = new Map([["a", dossier]]);
    desk.state.selected.value = "a";
    return show(desk, <Visitor />);
  }

  it("links pages of the web and nothing else", () => {
    const web = carded({ page_url: "https://shop.example/k", page_title: "Kettle" });
    expect(find<HTMLAnchorElement>(web, "dd a").href).toBe("https://shop.example/k");
    const evil = carded({ page_url: "javascript:alert(1)", page_title: "Kettle" });
    expect(evil.querySelector("dd a")).toBeNull();
    expect(evil.textContent).toContain("Kettle");
  });

  it("leaves out what is not known", () => {
    const place = carded({});
    expect(place.querySelector(".chips")).toBeNull();
    expect(place.querySelectorAll(".blk")).toHaveLength(0);
  });

  it("shows a hostile name as text", () => {
    const place = carded({ name: HOSTILE, contact: HOSTILE, referrer: HOSTILE });
    expect(find(place, "h2 bdi").textContent).toBe(HOSTILE);
    expect(place.querySelector("img, script")).toBeNull();
  });
});

describe("a lost connection", () => {
  it("is said in a band", async () => {
    const desk = makeDesk();
    const place = show(desk, <LostBand />);
    expect(place.textContent).toBe("");
    desk.state.link.value = "down";
    await settle();
    expect(find(place, ".lost").textContent).toContain("Connection lost");
  });

  it("asks to sign in again when the session is gone", async () => {
    const desk = makeDesk();
    const place = show(desk, <LostBand />);
    desk.state.linkCode.value = 4401;
    desk.state.link.value = "ended";
    await settle();
    expect(find(place, "[role=alert]").textContent).toContain("You are signed out");
  });
});

describe("the rules of work", () => {
  it("stand beside one's own duties, one's shift and who answers for now", async () => {
    const duty = {
      text: HOSTILE,
      begins_at: Date.UTC(2026, 2, 2, 9),
      ends_at: Date.UTC(2026, 2, 2, 18),
      responsible: ["Boris", "Vera"],
    };
    const numbers = { goal_s: 15, limit_s: 20, capacity: 5 };
    const rules = { version: 0, ...numbers, duty };
    HTMLDialogElement.prototype.showModal = () => undefined;
    const place = show(makeDesk({ "/regulation/": rules }), <Rules />);
    await settle();
    expect(place.querySelector("img, script")).toBeNull();
    expect(place.textContent).toContain(HOSTILE);
    expect(place.textContent).toContain("My shiftMon, Mar 2");
    expect(place.textContent).toContain("Answers for this shiftBoris, Vera");
  });
});
