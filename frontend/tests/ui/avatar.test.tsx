import { render } from "preact";
import { describe, expect, test } from "vitest";
import { Avatar, colourOf, initials } from "../../src/ui/avatar";
import { Icon } from "../../src/ui/icons";

function draw(element: Parameters<typeof render>[0]): Element {
  const box = document.createElement("div");
  render(element, box);
  return box.firstElementChild as Element;
}

describe("an avatar", () => {
  test("shows the photo, with room kept for it", () => {
    const image = draw(<Avatar name="Anna" photo="/a.webp" size={28} />).querySelector(
      "img",
    );
    expect(image?.getAttribute("src")).toBe("/a.webp");
    expect(image?.getAttribute("width")).toBe("28");
    expect(image?.getAttribute("loading")).toBe("lazy");
    expect(image?.getAttribute("alt")).toBe("");
  });

  test("shows initials until there is a photo", () => {
    expect(draw(<Avatar name="Anna Sokolova" />).textContent).toBe("AS");
  });

  test("shows presence as a shape", () => {
    expect(
      draw(<Avatar name="A" dot="away" />).querySelector(".dot.away"),
    ).not.toBeNull();
    expect(
      draw(<Avatar name="A" dot="online" />).querySelector(".dot.away"),
    ).toBeNull();
    expect(draw(<Avatar name="A" />).querySelector(".dot")).toBeNull();
  });

  test("is decoration: the name stands beside it", () => {
    expect(draw(<Avatar name="A" />).getAttribute("aria-hidden")).toBe("true");
  });
});

describe("initials", () => {
  test.each([
    ["Anna", "A"],
    ["anna maria sokolova", "AS"],
    ["  Анна   Соколова ", "АС"],
    ["😀 Smile", "😀S"],
    ["", ""],
  ])("of %j are %j", (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});

test("a name has one colour, from one to six", () => {
  const colours = ["Anna", "Dmitry", "Leila", "Tomas", "Maria", ""].map(colourOf);
  expect(colours).toEqual(
    ["Anna", "Dmitry", "Leila", "Tomas", "Maria", ""].map(colourOf),
  );
  expect(colours.every((colour) => colour >= 1 && colour <= 6)).toBe(true);
  expect(new Set(colours).size).toBeGreaterThan(1);
});

test("an icon is decoration, mirrored only where it points somewhere", () => {
  expect(draw(<Icon name="check" />).getAttribute("aria-hidden")).toBe("true");
  expect(draw(<Icon name="check" />).getAttribute("class")).not.toContain("flip");
  expect(draw(<Icon name="send" directional size={16} />).getAttribute("class")).toBe(
    "i i-send i16 flip",
  );
});
