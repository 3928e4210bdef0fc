import { describe, expect, it } from "vitest";
import { List } from "../../src/console/list";
import type { LeftPage } from "../../src/protocol";
import { makeDesk, makeRow, NOW } from "./make";
import { byText, click, settle, show } from "./render";

const leftRow = (conv: string, ago = 0) =>
  makeRow({ conv, visitor: conv, status: "closed", left_at: NOW - ago });

function page(given: Partial<LeftPage>): LeftPage {
  return { rows: [], total: 0, ...given };
}

const convs = (desk: ReturnType<typeof makeDesk>) =>
  desk.state.left.value.map((row) => row.conv);

describe("those left without an answer", () => {
  it("are told by the server, with how many there are", async () => {
    const rows = [leftRow("a"), leftRow("b", 1_000)];
    const desk = makeDesk({ "operator/left/": page({ rows, next: "1.2", total: 61 }) });
    await desk.left.refresh();
    expect(convs(desk)).toEqual(["a", "b"]);
    expect(desk.left.number.value).toBe(61);
  });

  it("go on a page further, and are counted once all have come", async () => {
    const answers: Record<string, unknown> = {
      "operator/left/": page({ rows: [leftRow("a")], next: "1.2", total: 2 }),
    };
    const desk = makeDesk(answers);
    await desk.left.refresh();
    answers["operator/left/"] = page({ rows: [leftRow("b", 1_000)], total: 2 });
    await desk.left.more();
    await desk.left.more();
    expect(desk.asked.map((each) => each.path)).toEqual([
      "operator/left/",
      "operator/left/?before=1.2",
    ]);
    expect(convs(desk)).toEqual(["a", "b"]);
    expect(desk.left.number.value).toBe(2);
  });

  it("forget whom colleagues have seen to while nobody looked", async () => {
    const answers: Record<string, unknown> = {
      "operator/left/": page({ rows: [leftRow("a"), leftRow("b", 1)], total: 2 }),
    };
    const desk = makeDesk(answers);
    await desk.left.refresh();
    answers["operator/left/"] = page({ rows: [leftRow("b", 1)], total: 1 });
    await desk.left.refresh();
    expect(convs(desk)).toEqual(["b"]);
  });

  it("keep those that an older page named", async () => {
    const answers: Record<string, unknown> = {
      "operator/left/": page({
        rows: [leftRow("a"), leftRow("b", 1), leftRow("c", 9)],
        total: 3,
      }),
    };
    const desk = makeDesk(answers);
    await desk.left.refresh();
    answers["operator/left/"] = page({ rows: [leftRow("b", 1)], next: "1", total: 9 });
    await desk.left.refresh();
    expect(convs(desk)).toEqual(["b", "c"]);
  });

  it("say so when the server does not answer", async () => {
    const desk = makeDesk({ "operator/left/": new Error("gone") });
    await desk.left.refresh();
    expect(desk.state.toasts.value).toHaveLength(1);
    expect(desk.left.hasCome.value).toBe(false);
  });

  it("are done by a press", async () => {
    const done = { ...leftRow("Marat"), head: 2, left_at: null };
    const desk = makeDesk({
      "operator/left/": page({ rows: [leftRow("Marat")], total: 1 }),
      "/followed/": done,
      "operator/inbox/": { rows: [] },
    });
    desk.state.tab.value = "closed";
    const place = show(desk, <List />);
    await settle();
    expect(place.textContent).toContain("Left without an answer1");
    await click(byText(place, "button", "Done"));
    await settle();
    expect(place.textContent).not.toContain("Left without an answer");
    expect(place.textContent).toContain("Marat");
  });
});
