import { describe, expect, test } from "vitest";
import { answerHref } from "../../src/console/letter";

describe("the way to answer a letter", () => {
  test.each([
    ["https://t.me/marat_k", "https://t.me/marat_k"],
    ["https://wa.me/79123456789", "https://wa.me/79123456789"],
    ["viber://chat?number=%2B79123456789", "viber://chat?number=%2B79123456789"],
    ["tel:+79123456789", "tel:+79123456789"],
    ["mailto:me@mail.ru", "mailto:me@mail.ru"],
  ])("follows %s", (link, href) => {
    expect(answerHref(link)).toBe(href);
  });

  test.each(["javascript:alert(1)", "viber://x", "data:text/html,x", "nonsense"])(
    "does not follow %s",
    (link) => {
      expect(answerHref(link)).toBeNull();
    },
  );
});
