import { render } from "preact";
import { describe, expect, test } from "vitest";
import { findLinks } from "../../src/ui/links";
import { Words } from "../../src/ui/text";

const hrefs = (text: string) =>
  findLinks(text).flatMap((piece) => (piece.href ? [piece.href] : []));

function draw(text: string): HTMLElement {
  const box = document.createElement("div");
  render(<Words text={text} />, box);
  return box;
}

describe("addresses", () => {
  test.each([
    ["see https://example.com/a?b=c#d now", "https://example.com/a?b=c#d"],
    ["HTTP://EXAMPLE.COM", "http://example.com/"],
    ["www.example.org/x", "https://www.example.org/x"],
    ["write to anna@example.com", "mailto:anna@example.com"],
    ["mailto:anna@example.com", "mailto:anna@example.com"],
    ["call tel:+35840123", "tel:+35840123"],
    ["https://пример.рф/чай", "https://xn--e1afmkfd.xn--p1ai/%D1%87%D0%B0%D0%B9"],
  ])("are found in %j", (text, href) => {
    expect(hrefs(text)).toEqual([href]);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,<script>",
    "file:///etc/passwd",
    "vbscript:x",
    "ftp://example.com",
    "https://",
    "a.b and 3.14 and 12:30",
    "@anna",
    "",
  ])("are not made of %j", (text) => {
    expect(hrefs(text)).toEqual([]);
  });

  test.each([
    ["(https://example.com/a)", "https://example.com/a"],
    ["https://example.com.", "https://example.com/"],
    ["https://example.com/a_(b)", "https://example.com/a_(b)"],
    ["«https://example.com», да", "https://example.com/"],
    ["https://example.com/?!", "https://example.com/"],
    ["is it https://example.com/x?", "https://example.com/x"],
  ])("leave the sentence its own punctuation: %j", (text, href) => {
    expect(hrefs(text)).toEqual([href]);
  });

  test.each([
    "no link at all",
    "https://a.example https://b.example",
    "x https://a.example, and b@c.example! end",
    "<b>https://a.example</b>",
    "",
  ])("leave the text as it was: %j", (text) => {
    const whole = findLinks(text)
      .map((piece) => piece.text)
      .join("");
    expect(whole).toBe(text);
  });

  test("are found without going back and back in a text made to be slow", () => {
    const texts = [
      `${"a@".repeat(2000)}`,
      `https://${")".repeat(3990)}`,
      `${"a.".repeat(2000)}@`,
      `${"www.".repeat(1000)}`,
    ];
    const once = () => {
      const begun = performance.now();
      texts.forEach(findLinks);
      return performance.now() - begun;
    };
    // The best of some: a machine that stands still for a moment is no slow search.
    expect(Math.min(...Array.from({ length: 5 }, once))).toBeLessThan(500);
  });
});

describe("words", () => {
  test("show markup as text and make none", () => {
    const box = draw('<img src=x onerror="alert(1)"> & "quotes"');
    expect(box.textContent).toBe('<img src=x onerror="alert(1)"> & "quotes"');
    expect(box.children).toHaveLength(0);
  });

  test("link to other sites in a new tab that cannot reach back", () => {
    const link = draw("https://example.com/a").querySelector("a");
    expect(link?.getAttribute("href")).toBe("https://example.com/a");
    expect(link?.getAttribute("target")).toBe("_blank");
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow ugc");
  });

  test("link to the shop's own pages in this tab, where the chat goes on", () => {
    const link = draw(`${location.origin}/product/kettle/`).querySelector("a");
    expect(link?.hasAttribute("target")).toBe(false);
    expect(link?.getAttribute("rel")).toContain("nofollow");
  });

  test("link mail without a new tab", () => {
    const link = draw("anna@example.com").querySelector("a");
    expect(link?.getAttribute("href")).toBe("mailto:anna@example.com");
    expect(link?.hasAttribute("target")).toBe(false);
  });

  test("keep what stands around a link", () => {
    const box = draw("before https://example.com/a, after");
    expect(box.textContent).toBe("before https://example.com/a, after");
    expect(box.querySelector("a")?.textContent).toBe("https://example.com/a");
  });
});
