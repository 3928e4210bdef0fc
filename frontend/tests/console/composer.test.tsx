import { render } from "preact";
import { describe, expect, it } from "vitest";
import { Composer } from "../../src/console/composer";
import { DeskProvider } from "../../src/console/desk";
import type { Standing } from "../../src/console/state";
import { ME, makeDesk, makeRow } from "./make";
import { byText, click, find, press, settle, show, type } from "./render";

const ROW = makeRow({ conv: "a", visitor: "Marat Khasanov", owner: ME, waited: 3 });

function open(standing: Standing = "mine") {
  const desk = makeDesk({ "/take/": {} });
  desk.state.canned.value = [
    { id: 1, shortcut: "hello", title: "Greeting", text: "Hello, {name}! {operator}" },
    { id: 2, shortcut: "help", title: "Help", text: "How can I help?" },
  ];
  const place = show(desk, <Composer row={ROW} standing={standing} />);
  const area = () => find<HTMLTextAreaElement>(place, "textarea");
  return { ...desk, place, area };
}

describe("the composer", () => {
  it("sends by Enter and empties itself", async () => {
    const { area, sent } = open();
    await type(area(), "  Yes, it is.  ");
    await press(area(), "Enter");
    expect(sent).toEqual([["a", "Yes, it is.", "message"]]);
    expect(area().value).toBe("");
  });

  it("makes a line by Shift and Enter", async () => {
    const { area, sent } = open();
    await type(area(), "One");
    await press(area(), "Enter", { shiftKey: true });
    expect(sent).toEqual([]);
  });

  it("does not send what is still being composed", async () => {
    const { area, sent } = open();
    await type(area(), "にほん");
    await press(area(), "Enter", { isComposing: true });
    expect(sent).toEqual([]);
  });

  it("does not send nothing", async () => {
    const { area, sent } = open();
    await type(area(), "   ");
    await press(area(), "Enter");
    expect(sent).toEqual([]);
  });

  it("says by how much the words are too long, and keeps them", async () => {
    const { area, place, sent } = open();
    await type(area(), "x".repeat(4_003));
    await press(area(), "Enter");
    expect(sent).toEqual([]);
    expect(find(place, ".toolong").textContent).toBe("3 characters too many");
  });

  it("keeps a reply and a note apart", async () => {
    const { area, place, sent } = open();
    await type(area(), "to the visitor");
    await click(byText(place, "[role=tab]", "Internal note"));
    expect(area().value).toBe("");
    expect(find(place, ".cmp").className).toContain("note");
    await type(area(), "among us");
    await click(byText(place, "[role=tab]", "Reply to Marat"));
    expect(area().value).toBe("to the visitor");
    await click(byText(place, "[role=tab]", "Internal note"));
    await click(byText(place, "button", "Save note"));
    expect(sent).toEqual([["a", "among us", "note"]]);
  });

  it("offers only notes in a colleague's dialog", async () => {
    const { area, place, sent } = open("colleague");
    expect(place.querySelectorAll("[role=tab]")).toHaveLength(1);
    await type(area(), "ask about the lid");
    await press(area(), "Enter");
    expect(sent).toEqual([["a", "ask about the lid", "note"]]);
  });

  it("turns to notes when the dialog ends, without taking the caret", async () => {
    const { desk, area, place } = open();
    await type(area(), "half a reply");
    area().blur();
    render(
      <DeskProvider value={desk}>
        <Composer row={ROW} standing="closed" />
      </DeskProvider>,
      place,
    );
    await settle();
    expect(find(place, ".cmp").className).toContain("note");
    expect(area().value).toBe("");
    expect(document.activeElement).not.toBe(area());
  });

  it("tells the visitor that somebody types, never what", async () => {
    const { area, sync } = open();
    await type(area(), "Y");
    await type(area(), "Ye");
    expect(sync.whisper.mock.calls).toEqual([["a", "typing"]]);
  });

  it("does not tell the visitor of notes", async () => {
    const { area, sync } = open("colleague");
    await type(area(), "n");
    expect(sync.whisper).not.toHaveBeenCalled();
  });

  it("goes to the next waiting by Ctrl and Enter", async () => {
    const { area, state, sent } = open();
    const next = makeRow({ conv: "b", owner: ME, waited: 9 });
    state.told.value = new Map([
      ["a", ROW],
      ["b", next],
    ]);
    state.selected.value = "a";
    await type(area(), "Done");
    await press(area(), "Enter", { ctrlKey: true });
    expect(sent).toHaveLength(1);
    expect(state.selected.value).toBe("b");
  });

  it("takes the caret when its dialog was just taken", async () => {
    const { area, state } = open();
    state.wanted.value = "a";
    await settle();
    expect(document.activeElement).toBe(area());
    expect(state.wanted.value).toBeNull();
  });
});

describe("canned replies", () => {
  it("open with a slash and close when nothing fits", async () => {
    const { area, place } = open();
    await type(area(), "/hel");
    expect(place.querySelectorAll("[role=option]")).toHaveLength(2);
    await type(area(), "/helsinki");
    expect(place.querySelector("[role=listbox]")).toBeNull();
  });

  it("are chosen by arrows, which the text field names to readers", async () => {
    const { area, place } = open();
    await type(area(), "/hel");
    await press(area(), "ArrowDown");
    const chosen = find(place, "[role=option][aria-selected=true]");
    expect(chosen.id).toBe("canned-2");
    expect(area().getAttribute("aria-activedescendant")).toBe("canned-2");
    expect(area().getAttribute("aria-controls")).toBe(find(place, "[role=listbox]").id);
  });

  it("are inserted by Enter with their variables filled in, and not sent", async () => {
    const { area, sent } = open();
    await type(area(), "/hello");
    await press(area(), "Enter");
    expect(area().value).toBe("Hello, Marat! Anna Sokolova");
    expect(sent).toEqual([]);
  });

  it("are inserted and sent by Ctrl and Enter", async () => {
    const { area, sent } = open();
    await type(area(), "/hello");
    await press(area(), "Enter", { ctrlKey: true });
    expect(sent).toEqual([["a", "Hello, Marat! Anna Sokolova", "message"]]);
  });

  it("close by Escape and leave the words", async () => {
    const { area, place } = open();
    await type(area(), "/hel");
    await press(area(), "Escape");
    expect(place.querySelector("[role=listbox]")).toBeNull();
    expect(area().value).toBe("/hel");
  });

  it("open by their button, on a line of their own", async () => {
    const { area, place } = open();
    await type(area(), "Good day");
    await click(find(place, ".slash"));
    expect(area().value).toBe("Good day\n/");
    expect(place.querySelectorAll("[role=option]")).toHaveLength(2);
  });
});
