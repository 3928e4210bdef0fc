import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shortTime, startAlarm, titleOf, tryAlerts } from "../../src/console/alarm";
import { receive } from "../../src/console/frames";
import { loadPrefs } from "../../src/console/prefs";
import { createState } from "../../src/console/state";
import type { InboxRow } from "../../src/protocol";
import { ME, makeRow, makeSession, makeShelf, NOW, t } from "./make";

function begin(...rows: InboxRow[]) {
  return beginAs(false, ...rows);
}

function beginAs(isManager: boolean, ...rows: InboxRow[]) {
  const state = createState(makeSession({ is_manager: isManager }));
  state.now.value = NOW;
  receive(state, { type: "inbox", rows, whole: true });
  const prefs = loadPrefs(makeShelf());
  const sound = { play: vi.fn() };
  const toasts = { warn: vi.fn() };
  const open = vi.fn();
  const stop = startAlarm({ state, prefs, sound, toasts, t, open });
  const at = (seconds: number) => {
    state.now.value = NOW + seconds * 1_000;
  };
  const comes = (row: InboxRow) => receive(state, { type: "inbox", rows: [row] });
  return { state, prefs, sound, toasts, open, stop, at, comes };
}

describe("the alarm", () => {
  it("sounds when somebody comes, again at the goal, and no more", () => {
    const { sound, at, comes } = begin();
    comes(makeRow({ waited: 0 }));
    expect(sound.play.mock.calls).toEqual([["new"]]);
    for (const second of [5, 14, 15, 16, 20, 40]) {
      at(second);
    }
    expect(sound.play.mock.calls).toEqual([["new"], ["late"]]);
  });

  it("says each step once, by name", () => {
    const { state, at, comes } = begin();
    comes(makeRow({ visitor: "Ingrid Dahl", waited: 0 }));
    expect(state.spoken.value).toBe("Ingrid Dahl is waiting");
    at(20);
    expect(state.spoken.value).toBe("Ingrid Dahl has waited 20 seconds");
    at(25);
    expect(state.spoken.value).toBe("Ingrid Dahl has waited 20 seconds");
  });

  it("is silent about those who wait already when the page opens", () => {
    const { sound } = begin(makeRow({ waited: 5 }));
    expect(sound.play).not.toHaveBeenCalled();
  });

  it("is silent when it was switched off", () => {
    const { sound, prefs, comes } = begin();
    prefs.sound.value = false;
    comes(makeRow({ waited: 0 }));
    expect(sound.play).not.toHaveBeenCalled();
  });

  it("calls for the own dialogs only, when away or full", () => {
    const { sound, state, comes } = begin();
    state.status.value = "away";
    comes(makeRow({ waited: 0 }));
    expect(sound.play).not.toHaveBeenCalled();
    comes(makeRow({ waited: 0, owner: ME }));
    expect(sound.play).toHaveBeenCalledOnce();
  });

  it("leaves alone who is offline", () => {
    const { sound, state, comes } = begin();
    state.status.value = "offline";
    comes(makeRow({ waited: 0, owner: ME }));
    expect(sound.play).not.toHaveBeenCalled();
  });
});

describe("a desktop notification", () => {
  const shown: { title: string; body: string }[] = [];

  beforeEach(() => {
    shown.length = 0;
    vi.stubGlobal(
      "Notification",
      class {
        static permission = "granted";
        constructor(title: string, { body }: { body: string }) {
          shown.push({ title, body });
        }
      },
    );
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("calls when the tab is hidden", () => {
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    const { comes } = begin();
    comes(makeRow({ visitor: "<b>Ann</b>", waited: 0, preview: "Hi <i>" }));
    expect(shown).toEqual([{ title: "New dialog: <b>Ann</b>", body: "Hi <i>" }]);
  });

  it("does not call who is looking", () => {
    const { comes } = begin();
    comes(makeRow({ waited: 0 }));
    expect(shown).toEqual([]);
  });
});

describe("the title of the tab", () => {
  it("counts who waits and which own dialogs have unread words", () => {
    const { state } = begin(
      makeRow({ waited: 3 }),
      makeRow({ owner: ME, unread: 2 }),
      makeRow({ owner: ME }),
    );
    expect(titleOf(state, t)).toBe("(2) Workspace");
  });

  it("shouts the longest wait beyond the limit", () => {
    const { state } = begin(makeRow({ waited: 3 }), makeRow({ owner: ME, waited: 24 }));
    expect(titleOf(state, t)).toBe("! 24 s · Workspace");
  });

  it("is plain when nobody waits", () => {
    expect(titleOf(begin().state, t)).toBe("Workspace");
  });
});

describe("a length of time", () => {
  it.each([
    [0, "0 s"],
    [99, "99 s"],
    [100, "1 min"],
    [5_999, "99 min"],
    [7_200, "2 h"],
  ])("of %i seconds is %s", (seconds, words) => {
    expect(shortTime(seconds, t)).toBe(words);
  });
});

describe("the alarm of a manager", () => {
  const dmitry = { owner: "8", owner_name: "Dmitry", visitor: "Ingrid Dahl" };

  it("calls once for a question that a colleague leaves waiting", () => {
    const { sound, toasts, open, comes, at } = beginAs(true);
    const row = makeRow({ ...dmitry, waited: 40 });
    comes(row);
    expect(toasts.warn).not.toHaveBeenCalled();
    comes({ ...row, head: 2, raised: true });
    comes({ ...row, head: 3, raised: true });
    at(10);
    expect(toasts.warn.mock.calls.map(([text]) => text)).toEqual([
      "Ingrid Dahl has waited 40 s for Dmitry",
    ]);
    expect(sound.play.mock.calls).toEqual([["late"]]);
    toasts.warn.mock.calls[0]?.[1]();
    expect(open).toHaveBeenCalledWith(row.conv);
  });

  it("names nobody where nobody leads the dialog", () => {
    const { toasts, comes } = beginAs(true);
    comes(makeRow({ visitor: "Ingrid Dahl", waited: 41, raised: true }));
    expect(toasts.warn.mock.calls[0]?.[0]).toBe(
      "Ingrid Dahl has waited 41 s, and nobody answers",
    );
  });

  it("calls again for the next question of the same dialog", () => {
    const { toasts, comes } = beginAs(true);
    const row = makeRow({ ...dmitry, waited: 60, raised: true });
    comes(row);
    comes({ ...row, head: 2, raised: false, waiting_since: null });
    comes({ ...row, head: 3, waiting_since: NOW - 40_000 });
    expect(toasts.warn).toHaveBeenCalledTimes(2);
  });

  it("is silent about what stood there when the page opened, and when he is gone", () => {
    const { state, toasts, comes } = beginAs(
      true,
      makeRow({ ...dmitry, waited: 90, raised: true }),
    );
    state.status.value = "offline";
    comes(makeRow({ ...dmitry, waited: 40, raised: true }));
    expect(toasts.warn).not.toHaveBeenCalled();
  });

  it("does not reach an operator, nor tell a manager of his own dialog twice", () => {
    const row = { ...dmitry, waited: 40, raised: true };
    const operator = begin();
    operator.comes(makeRow(row));
    expect(operator.toasts.warn).not.toHaveBeenCalled();
    const manager = beginAs(true);
    manager.comes(makeRow({ ...row, owner: ME }));
    expect(manager.toasts.warn).not.toHaveBeenCalled();
  });

  it("puts the wait into the title of his tab", () => {
    const { state } = beginAs(true, makeRow({ ...dmitry, waited: 44, raised: true }));
    expect(titleOf(state, t)).toContain("! 44 s");
  });
});

describe("trying the alerts", () => {
  class Note {
    static permission = "granted";
    static shown: string[] = [];
    constructor(title: string) {
      Note.shown.push(title);
    }
  }

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  let devices = 0;
  const tried = async (isHeard: boolean, permission: string) => {
    Note.permission = permission;
    Note.shown = [];
    vi.stubGlobal("Notification", Note);
    const toasts = { tell: vi.fn(), warn: vi.fn() };
    const sound = { tryOut: async () => isHeard };
    await tryAlerts({ sound, push: { tryOut: async () => devices }, toasts, t });
    const [told, called] = toasts.tell.mock.calls.map(([text]) => text);
    return { told, called, warned: toasts.warn.mock.calls[0] };
  };

  it("sounds, shows one and says that both work", async () => {
    expect((await tried(true, "granted")).told).toBe("Sound and notification work.");
    expect(Note.shown).toEqual(["This is how a new question calls you"]);
  });

  it("calls the operator's phones as well, and says how many", async () => {
    devices = 2;
    expect((await tried(true, "granted")).called).toContain("2 devices");
    devices = 0;
    expect((await tried(true, "granted")).called).toBeUndefined();
  });

  it("says what the browser blocks", async () => {
    expect((await tried(true, "denied")).warned?.[0]).toContain("not allowed");
    expect(Note.shown).toEqual([]);
    expect((await tried(false, "granted")).warned?.[0]).toContain("no sound");
  });
});
