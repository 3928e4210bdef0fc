import { afterEach, describe, expect, test, vi } from "vitest";
import {
  formatDay,
  formatTime,
  isSameDay,
  noteServerTime,
  safeLocale,
  serverNow,
} from "../../src/core/clock";
import { makeId } from "../../src/core/ids";
import { Pace } from "../../src/core/pace";

const NOON = new Date(2026, 4, 12, 12, 30).getTime();
const DAY = 86_400_000;

afterEach(() => {
  noteServerTime(0, 0);
  vi.useRealTimers();
});

describe("time", () => {
  test("of the server is this machine's, moved", () => {
    noteServerTime(5_000, 2_000);
    expect(serverNow(10_000)).toBe(13_000);
  });

  test("is written as the reader's own variety of the language does", () => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-DE", "en-GB"]);
    expect(formatTime(NOON, "en")).toBe("12:30");
    expect(formatTime(NOON, "de")).toBe("12:30");
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-US"]);
    expect(formatTime(NOON, "en")).toMatch(/^12:30\sPM$/);
    expect(formatTime(NOON, "ru")).toBe("12:30");
  });

  test("does not fail on a language that does not exist", () => {
    expect(safeLocale("nonsense_tag!")).toBe("en");
    expect(formatTime(NOON, "!")).toContain("12:30");
  });
});

describe("days", () => {
  test("near to now have names", () => {
    expect(formatDay(NOON, "en", NOON + 1000)).toBe("Today");
    expect(formatDay(NOON - DAY, "en", NOON)).toBe("Yesterday");
    expect(formatDay(NOON, "ru", NOON)).toBe("Сегодня");
    expect(formatDay(NOON - DAY, "ru", NOON)).toBe("Вчера");
  });

  test("further away have dates, with the year when it is another", () => {
    expect(formatDay(NOON - 3 * DAY, "en-GB", NOON)).toBe("9 May");
    expect(formatDay(NOON - 400 * DAY, "en-GB", NOON)).toBe("7 April 2025");
  });

  test("ahead of a clock that is wrong are today", () => {
    expect(formatDay(NOON + 5 * DAY, "en", NOON)).toBe("Today");
  });

  test("are the calendar's, not 24 hours", () => {
    const late = new Date(2026, 4, 12, 23, 59).getTime();
    expect(isSameDay(late, late + 120_000)).toBe(false);
    expect(isSameDay(NOON + 2 * DAY, NOON)).toBe(false);
    expect(isSameDay(NOON, late)).toBe(true);
  });
});

test("ids are 32 hex characters and never the same", () => {
  const ids = Array.from({ length: 200 }, makeId);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(200);
});

test("a pace does a thing once however often it is asked for", () => {
  vi.useFakeTimers();
  const done: string[] = [];
  const pace = new Pace();
  pace.soon("a", 50, () => done.push("first"));
  pace.soon("a", 50, () => done.push("second"));
  pace.soon("b", 50, () => done.push("other"));
  vi.advanceTimersByTime(50);
  expect(done).toEqual(["first", "other"]);
  pace.soon("a", 50, () => done.push("again"));
  pace.stop();
  vi.advanceTimersByTime(50);
  expect(done).toEqual(["first", "other"]);
});
