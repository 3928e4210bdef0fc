import { describe, expect, it } from "vitest";
import { momentOf } from "../../src/console/absence";

const NOON = new Date(2026, 10, 27, 12).getTime();

describe("a time of return", () => {
  it("is the next moment at which the clock shows it", () => {
    expect(momentOf("13:30", NOON)).toBe(new Date(2026, 10, 27, 13, 30).getTime());
    expect(momentOf("09:00", NOON)).toBe(new Date(2026, 10, 28, 9).getTime());
  });

  it("is nothing while the field is empty", () => {
    expect(momentOf("", NOON)).toBeNull();
  });
});
