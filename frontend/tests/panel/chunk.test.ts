import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ChatdeskApi } from "../../src/launcher/host";
import { ChunkLoader } from "../../src/panel/chunk";
import * as parts from "../../src/panel/letter/parts";

const addScript = vi.fn();
const kit = {};

function loaderOn(data: DOMStringMap): ChunkLoader {
  return new ChunkLoader({ tag: { data, lang: "en", nonce: "n" }, addScript }, kit);
}

beforeEach(() => {
  window.chatdesk = {} as ChatdeskApi;
  addScript.mockClear();
});

describe("a chunk", () => {
  test("is fetched once, when it is first asked for", () => {
    const chunks = loaderOn({ letter: "/static/letter.4f.js" });
    expect(addScript).not.toHaveBeenCalled();
    expect(chunks.use("letter")).toBeUndefined();
    expect(chunks.use("letter")).toBeUndefined();
    expect(addScript.mock.calls).toEqual([["/static/letter.4f.js"]]);
  });

  test("hands its parts over and is given the panel's kit", () => {
    const chunks = loaderOn({ letter: "/letter.js" });
    chunks.use("letter");
    expect(window.chatdesk?.kit).toBe(kit);
    window.chatdesk?.chunk?.("letter", parts);
    expect(chunks.use("letter")).toBe(parts);
    expect(addScript).toHaveBeenCalledTimes(1);
  });

  test("is not asked for by a page that was kept since before it existed", () => {
    const chunks = loaderOn({});
    expect(chunks.has("letter")).toBe(false);
    expect(chunks.use("letter")).toBeUndefined();
    expect(addScript).not.toHaveBeenCalled();
  });
});
