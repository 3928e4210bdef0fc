import { describe, expect, it, vi } from "vitest";
import { receive, receiveCopy } from "../../src/console/frames";
import { createState } from "../../src/console/state";
import type { EphRelay } from "../../src/protocol";
import { ME, makeCopy, makeEntry, makeRow, makeSession } from "./make";

const begin = () => createState(makeSession());

function typed(text: string, given: Partial<EphRelay> = {}): EphRelay {
  return {
    type: "eph",
    conv: "a",
    kind: "draft",
    author: "visitor",
    at: 0,
    text,
    ...given,
  };
}

describe("an inbox frame", () => {
  it("brings rows, and says whether the list is whole", () => {
    const state = begin();
    receive(state, { type: "inbox", rows: [makeRow({ conv: "a" })] });
    expect(state.hasInbox.value).toBe(false);
    receive(state, { type: "inbox", rows: [makeRow({ conv: "b" })], whole: true });
    expect(state.hasInbox.value).toBe(true);
    expect([...state.rows.value.keys()]).toEqual(["b"]);
  });

  it("counts the places that are taken", () => {
    const state = begin();
    const rows = [
      makeRow({ owner: ME }),
      makeRow({ owner: ME }),
      makeRow({ owner: "8" }),
    ];
    receive(state, { type: "inbox", rows, whole: true });
    expect(state.load.value).toBe(2);
  });
});

describe("a presence frame", () => {
  it("changes the switch and the places of every tab", () => {
    const state = begin();
    receive(state, { type: "presence", status: "away", load: 3, capacity: 4 });
    expect([state.status.value, state.load.value, state.capacity.value]).toEqual([
      "away",
      3,
      4,
    ]);
  });
});

describe("what a visitor types", () => {
  it("is shown as he goes on", () => {
    const state = begin();
    receive(state, typed("Is it"));
    receive(state, typed("Is it blue"));
    expect(state.peeks.value.get("a")?.text).toBe("Is it blue");
  });

  it("goes when he wipes it out", () => {
    const state = begin();
    receive(state, typed("Is it"));
    receive(state, typed(""));
    expect(state.peeks.value.has("a")).toBe(false);
  });

  it("does not come back when its end is heard after the message", () => {
    const state = begin();
    receiveCopy(state, makeCopy("a", [makeEntry(1)]));
    receive(state, typed("Is it blue"));
    receiveCopy(state, makeCopy("a", [makeEntry(1), makeEntry(2)]));
    receive(state, typed(""));
    expect(state.peeks.value.has("a")).toBe(false);
  });

  it("is mere typing when he does not let it be seen", () => {
    const state = begin();
    receive(state, typed("", { kind: "typing" }));
    expect(state.peeks.value.get("a")?.text).toBe("");
  });

  it("goes when he sends it", () => {
    const state = begin();
    receiveCopy(state, makeCopy("a", [makeEntry(1)]));
    receive(state, typed("Is it blue"));
    receiveCopy(state, makeCopy("a", [makeEntry(1), makeEntry(2)]));
    expect(state.peeks.value.has("a")).toBe(false);
  });

  it("stays when somebody of the staff writes", () => {
    const state = begin();
    receiveCopy(state, makeCopy("a", [makeEntry(1)]));
    receive(state, typed("Is it blue"));
    const reply = makeEntry(2, { author: "operator", by: ME });
    receiveCopy(state, makeCopy("a", [makeEntry(1), reply]));
    expect(state.peeks.value.get("a")?.text).toBe("Is it blue");
  });

  it("is not mixed up with a colleague's typing", () => {
    const state = begin();
    receive(state, typed("", { kind: "typing", author: "operator", by: "8" }));
    expect(state.peeks.value.size).toBe(0);
  });
});

describe("a frame of a later release", () => {
  it("is left alone", () => {
    const state = begin();
    const frame = { type: "surprise" } as unknown as EphRelay;
    expect(() => receive(state, frame)).not.toThrow();
  });
});

describe("a sign that something is another now", () => {
  const hear = () => ({ cart: vi.fn(), earned: vi.fn() });

  it("asks for the cart of its dialog", () => {
    const heard = hear();
    receive(begin(), typed("", { kind: "cart" }), heard);
    expect(heard.cart).toHaveBeenCalledWith("a");
    expect(heard.earned).not.toHaveBeenCalled();
  });

  it("asks for the commission, and shows no draft of it", () => {
    const [heard, state] = [hear(), begin()];
    receive(state, typed("", { kind: "earned", conv: "", author: "system" }), heard);
    expect(heard.earned).toHaveBeenCalledOnce();
    expect(state.peeks.value.size).toBe(0);
  });
});
