import { describe, expect, it } from "vitest";
import { placeWords } from "../../src/console/colleague";
import { receive } from "../../src/console/frames";
import { Handover } from "../../src/console/handover";
import { List } from "../../src/console/list";
import type { Colleague } from "../../src/protocol";
import { ME, makeDesk, t } from "./make";
import { find, show } from "./render";

function colleague(given: Partial<Colleague> = {}): Colleague {
  return { id: "8", name: "Dmitry", state: "online", load: 2, capacity: 5, ...given };
}

function desked(...colleagues: Colleague[]) {
  const desk = makeDesk();
  receive(desk.state, { type: "team", colleagues, whole: true });
  return desk;
}

const lunch = colleague({
  id: "9",
  name: "Leila",
  state: "away",
  reason: "lunch",
  back_at: Date.UTC(2026, 2, 2, 12, 30),
});

describe("a colleague", () => {
  it("is there, or away with a reason and a return, or gone", () => {
    expect(placeWords(colleague(), "en", t)).toBe("Online");
    expect(placeWords(lunch, "en", t)).toMatch(/^Away, lunch, back .*:30/i);
    expect(placeWords(colleague({ state: "offline" }), "en", t)).toBe("Offline");
  });

  it("keeps the shop's own word for a reason", () => {
    expect(placeWords({ ...lunch, reason: "Склад", back_at: null }, "en", t)).toBe(
      "Away, Склад",
    );
  });

  it("stands in the team's list with his load, without oneself", () => {
    const me = colleague({ id: ME, name: "Anna" });
    const gone = colleague({ id: "3", name: "Vera", state: "offline" });
    const desk = desked(me, gone, lunch, colleague());
    desk.state.tab.value = "team";
    const place = show(desk, <List />);
    const people = [...place.querySelectorAll(".team li")].map((li) => li.textContent);
    expect(people.map((words) => words?.replace(/^[A-Z]+/, "")).length).toBe(3);
    expect(people[0]).toContain("DmitryOnline2/5");
    expect(people[1]).toContain("LeilaAway");
    expect(people[2]).toContain("VeraOffline");
    expect(people[2]).not.toContain("/5");
  });

  it("is offered a dialog only with a place, and shows why not", () => {
    const full = colleague({ id: "3", name: "Full", load: 5 });
    const place = show(desked(colleague(), full, lunch), <Handover conv="a" />);
    const state = [...place.querySelectorAll("label.r")].map((label) => [
      find<HTMLInputElement>(label, "input").disabled,
      label.textContent,
    ]);
    expect(state.map(([isOff]) => isOff)).toEqual([false, true, true]);
    expect(state[1]?.[1]).toContain("5/5");
    expect(state[2]?.[1]).toContain("lunch");
  });
});
