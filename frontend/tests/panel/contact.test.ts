import { describe, expect, test } from "vitest";
// The server reads the same table: both sides recognise alike.
import cases from "../../../tests/contacts.json";
import { kindOf } from "../../src/panel/letter/contact";

describe("the one free field", () => {
  test.each(cases.map(([text, kind]) => [text, kind]))(
    "knows what %j is",
    (text, kind) => {
      expect(kindOf(String(text))).toBe(kind);
    },
  );
});
