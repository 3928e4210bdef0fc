import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { receiveCopy } from "../../src/console/frames";
import { joinOlder } from "../../src/console/threads";
import { HttpError } from "../../src/core/http";
import type { Thread } from "../../src/protocol";
import { ME, makeCopy, makeDesk, makeEntry, makeRow } from "./make";

function makeThread(conv: string, given: Partial<Thread> = {}): Thread {
  return {
    conversation: makeRow({ conv, owner: "8", owner_name: "Dmitry" }),
    epoch: "e",
    marks: {},
    visitor: { id: "1", name: "Marat", number: 1 },
    operators: [],
    entries: [makeEntry(3), makeEntry(4)],
    covers_from: 3,
    covers_to: 4,
    ...given,
  };
}

const words = (desk: ReturnType<typeof makeDesk>) =>
  desk.state.toasts.value.map((toast) => toast.text);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("taking a dialog", () => {
  it("makes it mine and shows it", async () => {
    const row = makeRow({ conv: "a", owner: ME, head: 2 });
    const desk = makeDesk({ "/take/": row });
    await desk.actions.take("a");
    expect(desk.state.mine.value.map((each) => each.conv)).toEqual(["a"]);
    expect(desk.state.selected.value).toBe("a");
    expect(desk.state.wanted.value).toBe("a");
  });

  it("says who was quicker", async () => {
    const desk = makeDesk({
      "/take/": new HttpError(409, "taken", "taken"),
      "conversations/a/": makeThread("a"),
    });
    await desk.actions.take("a");
    expect(words(desk)).toEqual(["Dmitry has already taken this dialog."]);
  });

  it("is refused with the reason when all places are taken", async () => {
    const desk = makeDesk();
    desk.state.toldLoad.value = 5;
    await desk.actions.take("a");
    expect(desk.asked).toEqual([]);
    expect(words(desk)).toEqual([
      "All your places are taken (5 of 5). Close a dialog first.",
    ]);
  });

  it("says the same when only the server knows that they are", async () => {
    const desk = makeDesk({ "/take/": new HttpError(409, "full", "full") });
    await desk.actions.take("a");
    expect(words(desk)[0]).toContain("All your places are taken");
  });

  it("takes the longest waiting first", async () => {
    const desk = makeDesk({ "/take/": {} });
    const rows = [makeRow({ conv: "b", waited: 1 }), makeRow({ conv: "a", waited: 9 })];
    desk.state.told.value = new Map(rows.map((row) => [row.conv, row]));
    await desk.actions.takeNext();
    expect(desk.asked[0]?.path).toBe("operator/conversations/a/take/");
  });

  it("asks once however often it is pressed", async () => {
    const desk = makeDesk({ "/take/": {} });
    await Promise.all([desk.actions.take("a"), desk.actions.take("a")]);
    expect(desk.asked.filter((each) => each.path.includes("take"))).toHaveLength(1);
  });
});

describe("closing a dialog", () => {
  it("says how it ended", async () => {
    const desk = makeDesk();
    desk.state.closing.value = true;
    expect(await desk.actions.close("a", "sale")).toBe(true);
    expect(desk.asked[0]).toEqual({
      path: "operator/conversations/a/close/",
      body: { outcome: "sale" },
    });
    expect(desk.state.closing.value).toBe(false);
  });

  it("keeps the question open when it failed", async () => {
    const desk = makeDesk({ "/close/": new HttpError(0, "network", "") });
    desk.state.closing.value = true;
    expect(await desk.actions.close("a", "sale")).toBe(false);
    expect(desk.state.closing.value).toBe(true);
    expect(words(desk)).toEqual(["No connection. Try again in a moment."]);
  });
});

describe("the presence switch", () => {
  it("turns at once and can be turned back", async () => {
    const desk = makeDesk();
    await desk.actions.choosePresence("away");
    expect(desk.state.status.value).toBe("away");
    desk.state.toasts.value[0]?.undo?.();
    expect(desk.state.status.value).toBe("online");
  });

  it("turns back by itself when the server refuses", async () => {
    const desk = makeDesk({ presence: new HttpError(500, "db", "") });
    await desk.actions.choosePresence("offline");
    expect(desk.state.status.value).toBe("online");
    expect(desk.state.toasts.value[0]?.isBad).toBe(true);
  });

  it("does nothing when it stands there already", async () => {
    const desk = makeDesk();
    await desk.actions.choosePresence("online");
    expect(desk.asked).toEqual([]);
  });
});

describe("toasts", () => {
  it("go by themselves, refusals later", async () => {
    const desk = makeDesk();
    desk.toasts.tell("done");
    desk.toasts.warn("refused");
    vi.advanceTimersByTime(5_000);
    expect(words(desk)).toEqual(["refused"]);
    vi.advanceTimersByTime(5_000);
    expect(words(desk)).toEqual([]);
  });
});

describe("an opened dialog", () => {
  it("is followed from where the answer ends", async () => {
    const desk = makeDesk({ "conversations/a/": makeThread("a") });
    desk.threads.open("a");
    await vi.waitFor(() => expect(desk.sync.follow).toHaveBeenCalled());
    expect(desk.state.copy.value).toMatchObject({ from: 3, cursor: 4, epoch: "e" });
    expect(desk.state.dossier.value?.visitor.name).toBe("Marat");
    expect(desk.state.view.value).toBe("chat");
  });

  it("can be tried again when it did not come", async () => {
    const answers: Record<string, unknown> = {
      "conversations/a/": new HttpError(500, "db", ""),
    };
    const desk = makeDesk(answers);
    await desk.threads.refresh("a");
    expect(desk.state.failed.value.has("a")).toBe(true);
    answers["conversations/a/"] = makeThread("a");
    await desk.threads.refresh("a");
    expect(desk.state.failed.value.has("a")).toBe(false);
  });

  it("grows backwards, page by page", async () => {
    const desk = makeDesk({
      "before=3": { from: 2, to: 2, items: [makeEntry(2)] },
      "before=2": { from: 1, to: 1, items: [makeEntry(1)] },
      "conversations/a/": makeThread("a"),
    });
    await desk.threads.refresh("a");
    for (let page = 0; page < 4; page += 1) {
      await desk.threads.loadOlder("a");
    }
    const older = desk.state.older.value.get("a");
    expect(older?.entries.map((entry) => entry.seq)).toEqual([1, 2]);
    expect(desk.asked.filter((each) => each.path.includes("before"))).toHaveLength(2);
  });

  it("leaves out earlier pages that no longer meet it", async () => {
    const desk = makeDesk({
      "before=3": { from: 2, to: 2, items: [makeEntry(2)] },
      "before=9": { from: 8, to: 8, items: [makeEntry(8)] },
      "conversations/a/": makeThread("a"),
    });
    await desk.threads.refresh("a");
    await desk.threads.loadOlder("a");
    const begunAnew = makeCopy("a", [makeEntry(9)], { from: 9 });
    receiveCopy(desk.state, begunAnew);
    expect(joinOlder(begunAnew, desk.state.older.value.get("a")).from).toBe(9);
    await desk.threads.loadOlder("a");
    const joined = joinOlder(begunAnew, desk.state.older.value.get("a"));
    expect(joined.entries.map((entry) => entry.seq)).toEqual([8, 9]);
  });
});
