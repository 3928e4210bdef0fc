import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createWhisperer, hideCards } from "../../src/panel/typing";

let said: [string, string][];
let canShow: boolean;

const whisperer = () =>
  createWhisperer(
    (kind, text) => said.push([kind, text]),
    () => canShow,
  );

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  canShow = true;
});

afterEach(() => {
  vi.useRealTimers();
});

describe("what is typed", () => {
  test("is shown at most twice a second, always the newest", () => {
    const { typed } = whisperer();
    for (let length = 1; length <= 20; length += 1) {
      typed("x".repeat(length));
      vi.advanceTimersByTime(100);
    }
    expect(said.length).toBeLessThanOrEqual(4);
    vi.advanceTimersByTime(500);
    expect(said.at(-1)).toEqual(["draft", "x".repeat(20)]);
  });

  test("is taken back when the field is emptied", () => {
    const { typed } = whisperer();
    typed("hello");
    vi.advanceTimersByTime(500);
    typed("");
    vi.advanceTimersByTime(500);
    expect(said).toEqual([
      ["draft", "hello"],
      ["draft", ""],
    ]);
  });

  test("is not shown where the visitor or the shop does not want it", () => {
    canShow = false;
    const { typed } = whisperer();
    typed("secret");
    vi.advanceTimersByTime(500);
    typed("");
    vi.advanceTimersByTime(500);
    expect(said).toEqual([["typing", ""]]);
  });

  test("is forgotten when the switch goes off before it was shown", () => {
    const { typed, forget } = whisperer();
    typed("secret");
    forget();
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual([]);
  });

  test("is cut to what a frame may carry", () => {
    whisperer().typed("x".repeat(5_000));
    vi.advanceTimersByTime(500);
    expect(said[0]?.[1]).toHaveLength(2_000);
  });
});

describe("card numbers", () => {
  test.each([
    ["4111 1111 1111 1111", "•••• •••• •••• ••••"],
    ["4111111111111111", "••••••••••••••••"],
    ["3782-822463-10005", "••••-••••••-•••••"],
    ["my card 5555 5555 5555 4444, ok?", "my card •••• •••• •••• ••••, ok?"],
    ["half of one: 4111 1111", "half of one: •••• ••••"],
  ])("are blotted out: %j", (text, expected) => {
    expect(hideCards(text)).toBe(expected);
  });

  test.each(["order 10482", "600 ml for 64.00", "at 14:02 on 12 May 2026", "1234 567"])(
    "are not seen in %j",
    (text) => {
      expect(hideCards(text)).toBe(text);
    },
  );
});
