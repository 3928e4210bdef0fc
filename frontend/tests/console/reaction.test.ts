import { describe, expect, it } from "vitest";
import {
  levelOf,
  look,
  ringShare,
  type Seen,
  urgency,
  waitedSeconds,
} from "../../src/console/reaction";
import { LIMITS, makeRow, NOW } from "./make";

describe("the reaction timer", () => {
  it.each([
    [0, "ok"],
    [14, "ok"],
    [15, "warn"],
    [19, "warn"],
    [20, "bad"],
    [600, "bad"],
  ])("after %i seconds is %s", (seconds, level) => {
    expect(levelOf(seconds, LIMITS)).toBe(level);
  });

  it("counts whole seconds", () => {
    expect(waitedSeconds(NOW - 14_999, NOW)).toBe(14);
  });

  it("never runs backwards when the server's clock is ahead", () => {
    expect(waitedSeconds(NOW + 3_000, NOW)).toBe(0);
  });

  it("fills the ring at the limit and no further", () => {
    expect(ringShare(10, LIMITS)).toBe(0.5);
    expect(ringShare(99, LIMITS)).toBe(1);
  });

  it("puts red before amber before green before nobody", () => {
    const order = [null, "ok", "bad", "warn"] as const;
    const sorted = [...order].sort((left, right) => urgency(right) - urgency(left));
    expect(sorted).toEqual(["bad", "warn", "ok", null]);
  });
});

describe("a look at the waiting rows", () => {
  const row = makeRow({ conv: "a", waited: 0 });

  /** Look once a second; return the second and the level of every call. */
  function watch(seconds: number): [number, string][] {
    const calls: [number, string][] = [];
    let seen: ReadonlyMap<string, Seen> = new Map();
    for (let second = 0; second <= seconds; second += 1) {
      const looked = look(seen, [row], NOW + second * 1_000, LIMITS);
      seen = looked.seen;
      calls.push(...looked.steps.map((step): [number, string] => [second, step.level]));
    }
    return calls;
  }

  it("calls once at 0, at 15 and at 20 seconds", () => {
    expect(watch(60)).toEqual([
      [0, "ok"],
      [15, "warn"],
      [20, "bad"],
    ]);
  });

  it("calls anew for the next question of the same dialog", () => {
    const { seen } = look(new Map(), [row], NOW + 30_000, LIMITS);
    const next = { ...row, waiting_since: NOW + 31_000 };
    expect(look(seen, [next], NOW + 32_000, LIMITS).steps).toEqual([
      { row: next, level: "ok" },
    ]);
  });

  it("does not make up levels that were slept through", () => {
    const { steps } = look(new Map(), [row], NOW + 300_000, LIMITS);
    expect(steps.map((step) => step.level)).toEqual(["bad"]);
  });

  it("forgets who does not wait any more", () => {
    const { seen } = look(new Map(), [row], NOW, LIMITS);
    const answered = { ...row, waiting_since: null };
    expect(look(seen, [answered], NOW, LIMITS).seen.size).toBe(0);
  });
});
