import { describe, expect, it, vi } from "vitest";
import { Site } from "../../src/console/site";
import { VisitBlocks } from "../../src/console/visit-blocks";
import {
  eventWords,
  money,
  placeName,
  sourceName,
  span,
} from "../../src/console/visit-words";
import { Visits } from "../../src/console/visits";
import type { LiveVisit, LiveVisits } from "../../src/protocol";
import { makeDesk, NOW, t } from "./make";
import { byText, click, find, show } from "./render";

const HOSTILE = `<img src=x onerror="alert(1)">\u202eevil`;

function line(id: string, given: Partial<LiveVisit> = {}): LiveVisit {
  return {
    id,
    number: 7,
    page_title: `Page ${id}`,
    page_at: NOW,
    begun_at: 0,
    ...given,
  };
}

function live(...items: LiveVisit[]): LiveVisits {
  return { at: NOW, total: items.length, items, trend: [0, 1, 2] };
}

function withLines(...items: LiveVisit[]) {
  const desk = makeDesk({});
  desk.state.now.value = NOW;
  desk.visits.isOpen.value = true;
  desk.visits.shown.value = live(...items);
  return desk;
}

const names = (place: Element) =>
  [...place.querySelectorAll("td.c-pg .trunc")].map((each) => each.textContent);

describe("visitors on the site", () => {
  it("are shown as strangers' text and nothing else", () => {
    const desk = withLines(
      line("a", {
        name: HOSTILE,
        page_title: HOSTILE,
        phrase: HOSTILE,
        source: "search",
      }),
    );
    const place = show(desk, <Site />);
    expect(place.querySelector("img")).toBeNull();
    expect(find(place, ".who bdi").textContent).toContain("<img");
  });

  it("are kept by chips that count", async () => {
    const desk = withLines(
      line("a", { cart: "64.00", currency: "EUR" }),
      line("b", { event: { kind: "declined", at: NOW } }),
      line("c", { page_at: NOW - 130_000 }),
    );
    const place = show(desk, <Site />);
    expect(find(place, ".filters").textContent).toContain("With a cart 1");
    await click(byText(place, ".filters button", "Stuck 1"));
    expect(names(place)).toEqual(["Page b"]);
  });

  it("are many, so a page of them is drawn at a time", async () => {
    const many = Array.from({ length: 120 }, (_, place) => line(`v${place}`));
    const place = show(withLines(...many), <Site />);
    expect(names(place)).toHaveLength(50);
    await click(byText(place, "button", "Show 50 more"));
    expect(names(place)).toHaveLength(100);
  });

  it("stay where they are while they are pointed at", async () => {
    const answers = [
      live(line("a"), line("b")),
      live(line("b", { pages: 9 }), line("c")),
    ];
    const http = { get: vi.fn(async () => answers.shift()), post: vi.fn() };
    const visits = new Visits(http as never);
    visits.isOpen.value = true;
    await visits.tick(null);
    visits.hold(true);
    await visits.tick(null);
    expect(visits.shown.value?.items?.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(visits.shown.value?.items?.[1]?.pages).toBe(9);
    expect(visits.kept.value).toBe(2);
    visits.hold(false);
    expect(visits.shown.value?.items?.map(({ id }) => id)).toEqual(["b", "c"]);
    expect(visits.kept.value).toBe(0);
  });

  it("are asked for one question at a time, and a failure is said", async () => {
    let fail = (_: Error) => {};
    const get = vi.fn(() => new Promise((_, reject) => (fail = reject)));
    const visits = new Visits({ get, post: vi.fn() } as never);
    visits.isOpen.value = true;
    const first = visits.tick(null);
    await visits.tick(null);
    expect(get).toHaveBeenCalledTimes(1);
    fail(new Error("away"));
    await first;
    expect(visits.hasFailed.value).toBe(true);
  });
});

describe("one visit", () => {
  it("shows its path with times and what befell", () => {
    const visit = {
      id: "a",
      is_here: true,
      begun_at: NOW - 60_000,
      pages: 2,
      zone: "Europe/Lisbon",
      country: "PT",
      path: [
        { at: NOW - 60_000, path: "/", title: "Home", visible_s: 48 },
        { at: NOW - 12_000, path: "/k/", title: HOSTILE },
      ],
      events: [{ kind: "form_error", at: NOW, fields: ["postcode"] }],
    };
    const desk = makeDesk({});
    desk.state.now.value = NOW;
    const place = show(desk, <VisitBlocks visit={visit} />);
    expect(find(place, ".path").textContent).toContain("Home0:48");
    expect(find(place, ".path .here").textContent).toContain("0:12");
    expect(find(place, ".befell").textContent).toContain("checkout: postcode");
    expect(find(place, ".kv").textContent).toContain("Portugal");
    expect(place.querySelector("img")).toBeNull();
  });
});

describe("words of visits", () => {
  it("write spans, sums and places as the reader does", () => {
    expect([0, 61_000, 3_725_000].map(span)).toEqual(["0:00", "1:01", "1:02:05"]);
    expect(money({ cart: "64.00", currency: "EUR" }, "en")).toBe("€64.00");
    expect(money({ cart: "64.00", currency: "?" }, "en")).toBe("64.00");
    expect(placeName({ city: "Porto", country: "PT" }, "en")).toBe("Porto, Portugal");
    expect(placeName({ country: "!!" }, "en")).toBe("!!");
  });

  it("never let a stranger's text turn a sentence around", () => {
    expect(sourceName({ source: "site", source_name: "a\u202eb" }, t)).toBe("ab");
    const event = { kind: "found_nothing", at: 0, words: "x\u202ey" };
    expect(eventWords(event, t)).toBe("Searched “xy”, nothing found");
  });
});
