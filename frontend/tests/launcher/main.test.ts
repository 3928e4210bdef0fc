import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const created = vi.fn(() => ({ open: 1 }));
const start = vi.fn();

vi.mock("../../src/launcher/launcher", () => ({
  createLauncher: created,
  start,
}));

async function run(attributes: Record<string, string>): Promise<void> {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) {
    script.setAttribute(name, value);
  }
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  vi.resetModules();
  await import("../../src/launcher/main");
}

function setReadyState(state: DocumentReadyState): void {
  vi.spyOn(document, "readyState", "get").mockReturnValue(state);
}

beforeEach(() => {
  Reflect.deleteProperty(window, "chatdesk");
  created.mockClear();
  start.mockClear();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the script", () => {
  test("reads its own tag", async () => {
    await run({ "data-root": "/help/", "data-lang": "ru", "data-shop": "Чай" });
    expect(created).toHaveBeenCalledWith(
      expect.objectContaining({
        data: expect.objectContaining({ root: "/help/", shop: "Чай" }),
        lang: "ru",
      }),
    );
    expect(window.chatdesk).toEqual({ open: 1 });
  });

  test("takes the page's language when the tag says none", async () => {
    document.documentElement.lang = "fi";
    await run({});
    expect(created).toHaveBeenCalledWith(expect.objectContaining({ lang: "fi" }));
  });

  test("included twice runs once", async () => {
    await run({});
    await run({});
    expect(created).toHaveBeenCalledTimes(1);
  });
});

describe("the start", () => {
  test("waits until the page is loaded and idle, two seconds at most", async () => {
    const idle = vi.fn();
    vi.stubGlobal("requestIdleCallback", idle);
    setReadyState("loading");
    await run({});
    expect(idle).not.toHaveBeenCalled();
    dispatchEvent(new Event("load"));
    expect(idle).toHaveBeenCalledWith(start, { timeout: 2_000 });
    expect(start).not.toHaveBeenCalled();
  });

  test("waits a little where a browser cannot say when it is idle", async () => {
    vi.useFakeTimers();
    Reflect.deleteProperty(window, "requestIdleCallback");
    setReadyState("complete");
    await run({});
    expect(start).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(start).toHaveBeenCalledTimes(1);
  });
});
