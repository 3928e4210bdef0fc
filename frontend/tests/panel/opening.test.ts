import { describe, expect, it } from "vitest";
import { openingWords } from "../../src/panel/opening";
import { createWords } from "../../src/panel/words";
import ru from "../../src/strings/ru.json";

const english = createWords("en", {});
const russian = createWords("ru", ru);
const SUNDAY = new Date(2026, 10, 29, 12).getTime();
const at = (day: number, hours = 9) => new Date(2026, 10, day, hours).getTime();
const words = (moment: number) => openingWords(moment, "ru", russian, SUNDAY);

describe("the next opening", () => {
  it("is named by today, tomorrow, a weekday or a date", () => {
    expect(words(at(29, 14))).toBe("Ответим сегодня с 14:00");
    expect(words(at(30))).toBe("Ответим завтра с 09:00");
    expect(words(at(32))).toBe("Ответим в среду с 09:00");
    expect(words(at(40))).toBe("Ответим 10 декабря с 09:00");
  });

  it("speaks the language of the page", () => {
    const said = openingWords(at(32), "en", english, SUNDAY);
    expect(said).toMatch(/^Back on Wednesday at 0?9:00/);
  });
});
