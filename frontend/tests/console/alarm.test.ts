import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shortTime, startAlarm, titleOf } from "../../src/console/alarm";
import { receive } from "../../src/console/frames";
import { loadPrefs } from "../../src/console/prefs";
import { createState } from "../../src/console/state";
import type { InboxRow } from "../../src/protocol";
import { ME, makeRow, makeSession, makeShelf, NOW, t } from "./make";

function begin(...rows: InboxRow[]) {
  const state = createState(makeSession());
  state.now.value = NOW;
  receive(state, { type: "inbox", rows, whole: true });
  const prefs = loadPrefs(makeShelf());
  const sound = { play: vi.fn() };
  const stop = startAlarm({ state, prefs, sound, t, open: vi.fn() });
  const at = (seconds: number) => {
    state.now.value = NOW + seconds * 1_000;
  };
  const comes = (row: InboxRow) => receive(state, { type: "inbox", rows: [row] });
  return { state, prefs, sound, stop, at, comes };
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
