import { beforeEach, describe, expect, it } from "vitest";
import { LetterTask } from "../../src/console/letter";
import { letterMark } from "../../src/console/letters";
import { List } from "../../src/console/list";
import type { Letter, LetterLine } from "../../src/protocol";
import { ME, makeDesk, makeRow, NOW } from "./make";
import { byText, click, find, settle, show } from "./render";

const HOUR = 3_600_000;
const HOSTILE = `<img src=x onerror="alert(1)">`;

function line(given: Partial<LetterLine> = {}): LetterLine {
  return {
    conv: "a",
    visitor: "Marat",
    visitor_number: 4,
    state: "open",
    due_at: NOW + HOUR,
    left_at: NOW - HOUR,
    preview: "Is the cezve in stock?",
    contact: "@marat_k",
    kind: "telegram",
    ...given,
  };
}

const OPEN = [
  line({ conv: "late", due_at: NOW - HOUR, owner: "8", owner_name: "Dmitry Orlov" }),
  line({ conv: "mine", owner: ME, owner_name: "Anna Sokolova" }),
  line({ conv: "free", contact: "", kind: "" }),
];
const DONE = [
  line({ conv: "by-mail", state: "answered", answered_at: NOW, via: "mail" }),
  line({ conv: "by-link", state: "answered", answered_at: NOW, via: "link" }),
  line({ conv: "in-chat", state: "answered", answered_at: NOW, via: "here" }),
];

async function openLetters(answers: Record<string, unknown> = {}) {
  const desk = makeDesk({
    "before=": { rows: [line({ conv: "older", state: "answered", answered_at: 1 })] },
    "state=answered": { rows: DONE, next: 5 },
    "letters/": { rows: OPEN },
    ...answers,
  });
  desk.state.now.value = NOW;
  desk.state.tab.value = "letters";
  const place = show(desk, <List />);
  await settle();
  return { desk, place };
}

const shown = (place: Element) =>
  [...place.querySelectorAll(".d .pv:last-child")].map((each) => each.textContent);

describe("the list of letters", () => {
  it("says by when, whose and where to answer, the most urgent first", async () => {
    const { place } = await openLetters();
    const lines = [...place.querySelectorAll(".d")].map((each) => each.textContent);
    expect(lines[0]).toMatch(/Marat.*Dmitry.*Telegram: @marat_k.*due /);
    expect(lines[1]).toMatch(/Anna.*by /);
    expect(lines[2]).toMatch(/Waits in the chat/);
    expect(place.querySelectorAll(".rt.bad")).toHaveLength(1);
  });

  it("shows only mine, only the late, and how the answered were answered", async () => {
    const { place } = await openLetters();
    await click(byText(place, ".filters button", "Mine 1"));
    expect(place.querySelectorAll(".d")).toHaveLength(1);
    await click(byText(place, ".filters button", "Late 1"));
    expect(find(place, ".d .tag").textContent).toBe("Dmitry");
    await click(byText(place, ".filters button", "Answered"));
    expect(shown(place)).toEqual([
      "Answered by e-mail",
      "Answered: Telegram",
      "Answered in the chat",
    ]);
  });

  it("goes on to older answers", async () => {
    const { place, desk } = await openLetters();
    await click(byText(place, ".filters button", "Answered"));
    await click(find(place, ".more"));
    expect(place.querySelectorAll(".d")).toHaveLength(4);
    expect(desk.asked.at(-1)?.path).toContain("before=5");
    expect(place.querySelector(".more")).toBeNull();
  });

  it("opens the dialog of a letter", async () => {
    const { place, desk } = await openLetters();
    await click(find(place, ".go"));
    expect(desk.state.selected.value).toBe("late");
  });

  it("says so when there is none, and when the list cannot be had", async () => {
    const { place } = await openLetters({ "letters/": { rows: [] } });
    expect(place.textContent).toContain("No letters to answer");
    const broken = await openLetters({ "letters/": new Error("cut") });
    expect(find(broken.place, "[role=alert]").textContent).toBeTruthy();
  });

  it("shows what strangers wrote as text", async () => {
    const hostile = line({ visitor: HOSTILE, preview: HOSTILE, contact: HOSTILE });
    const { place } = await openLetters({ "letters/": { rows: [hostile] } });
    expect(place.querySelector("img")).toBeNull();
    expect(place.textContent).toContain(HOSTILE);
  });

  it("asks again when a letter comes, is taken or is answered", () => {
    const row = makeRow({ conv: "a", letter_due_at: 5 });
    const marks = [
      letterMark([row]),
      letterMark([{ ...row, owner: ME }]),
      letterMark([{ ...row, letter_due_at: null }]),
    ];
    expect(new Set(marks).size).toBe(3);
    expect(letterMark([row, makeRow()])).toBe(marks[0]);
  });
});

describe("a letter beside its dialog", () => {
  const letter: Letter = {
    state: "open",
    due_at: NOW + HOUR,
    left_at: NOW,
    contact: "@marat_k",
    kind: "telegram",
    link: "https://t.me/marat_k",
  };
  let desk: ReturnType<typeof makeDesk>;

  beforeEach(() => {
    desk = makeDesk({ "/letter/": {} });
    desk.state.now.value = NOW;
  });

  const own = (owner: string, letter_due_at: number | null = NOW) => {
    const row = makeRow({ conv: "a", owner, letter_due_at });
    desk.state.told.value = new Map([["a", row]]);
  };

  it("is answered in the messenger by one press", async () => {
    own(ME);
    const place = show(desk, <LetterTask conv="a" letter={letter} />);
    expect(find(place, "a").getAttribute("href")).toBe("https://t.me/marat_k");
    await click(byText(place, "button", "I answered there"));
    expect(desk.asked[0]?.path).toBe("operator/conversations/a/letter/");
  });

  it.each([
    ["a colleague's", "8", letter],
    ["answered", ME, { ...letter, state: "answered" }],
    ["to be answered by mail", ME, { ...letter, kind: "email" }],
    ["without a contact", ME, { ...letter, contact: "", link: "" }],
  ])("has no such button when it is %s", (_why, owner, given) => {
    own(owner);
    const place = show(desk, <LetterTask conv="a" letter={given} />);
    expect(place.querySelector("button")).toBeNull();
  });

  it("has no such button once it was answered in the dialog", () => {
    own(ME, null);
    const place = show(desk, <LetterTask conv="a" letter={letter} />);
    expect(place.querySelector("button")).toBeNull();
    expect(place.textContent).toContain("Answered or closed");
  });

  it("is red once it is late, and says where mail came back", () => {
    const late = { ...letter, due_at: NOW - 1, bounced: "550 no such user" };
    const place = show(desk, <LetterTask conv="a" letter={late} />);
    expect(find(place, "p.bad").textContent).toContain("Should have been answered");
    expect(place.textContent).toContain("550 no such user");
  });
});
