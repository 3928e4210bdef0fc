import { describe, expect, it } from "vitest";
import { dayWords, weekLines, zoneWords } from "../../src/panel/letter/week";

const words = { lang: "ru", allDay: "круглосуточно" };
const moment = (day: number, hours = 0) => new Date(2026, 10, day, hours).getTime();
const open = (day: number, from: number, to: number) => ({
  begins_at: moment(day, from),
  ends_at: moment(day, to),
});
/** A Saturday: the shop works 9 to 20, on Saturdays 10 to 18, and is closed today. */
const SATURDAY = moment(28, 19);
const WEEK = [
  open(27, 9, 20),
  open(28, 10, 18),
  ...[30, 31, 32, 33, 34].map((day) => open(day, 9, 20)),
  open(35, 10, 18),
];

const said = (now: number, stretches = WEEK) =>
  weekLines(stretches, words, now).map(
    (line) => `${line.isToday ? "*" : ""}${dayWords(line, "ru")} ${line.times}`,
  );

describe("the week", () => {
  it("puts equal days together and lets today stand alone", () => {
    expect(said(SATURDAY)).toEqual([
      "Пн – пт 09:00–20:00",
      "*Суббота 10:00–18:00",
      "Воскресенье ",
    ]);
    expect(said(moment(32, 22))).toEqual([
      "Пн – вт ",
      "*Среда 09:00–20:00",
      "Чт – пт 09:00–20:00",
      "Суббота 10:00–18:00",
      "Воскресенье ",
    ]);
  });

  it("shows lunch, nights and whole days as they are", () => {
    const night = { begins_at: moment(31, 20), ends_at: moment(32, 2) };
    const whole = { begins_at: moment(33), ends_at: moment(35) };
    expect(said(SATURDAY, [open(30, 9, 13), open(30, 14, 18), night, whole])).toEqual([
      "Понедельник 09:00–13:00, 14:00–18:00",
      "Вторник 20:00–02:00",
      "Среда ",
      "Чт – пт круглосуточно",
      "*Суббота ",
      "Воскресенье ",
    ]);
  });

  it("is told on a clock that has a name", () => {
    expect(zoneWords("en", SATURDAY)).not.toBe("");
    expect(zoneWords("no such language", SATURDAY)).not.toBe("");
  });
});
