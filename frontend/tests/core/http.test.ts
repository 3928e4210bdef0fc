import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createHttp, HttpError } from "../../src/core/http";
import { refusalOf, visitorTwin } from "../../src/core/twin";
import { CONV } from "../fakes";

interface Asked {
  url: string;
  init: RequestInit;
}

let asked: Asked[];

function answerWith(body: unknown, init: ResponseInit = {}): void {
  vi.stubGlobal("fetch", async (url: string, request: RequestInit) => {
    asked.push({ url, init: request });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), init);
  });
}

const headers = () => asked[0]?.init.headers as Record<string, string>;

async function refusal(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}

beforeEach(() => {
  asked = [];
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a request", () => {
  test("goes below the shop's root, with the cookie, past every cache", async () => {
    answerWith({ state: "online" });
    const http = createHttp({ root: "/help/" });
    expect(await http.get("visitor/status/")).toEqual({ state: "online" });
    expect(asked[0]?.url).toBe("/help/api/v1/visitor/status/");
    expect(asked[0]?.init).toMatchObject({
      credentials: "same-origin",
      cache: "no-store",
    });
  });

  test("with a body is JSON and carries the CSRF token where there is one", async () => {
    answerWith({});
    const http = createHttp({ root: "/", csrf: () => "token" });
    await http.post("operator/presence/", { status: "away" });
    expect(asked[0]?.init.method).toBe("POST");
    expect(asked[0]?.init.body).toBe('{"status":"away"}');
    expect(headers()).toMatchObject({
      "Content-Type": "application/json",
      "X-CSRFToken": "token",
    });
  });

  test("of a visitor has no CSRF token", async () => {
    answerWith({});
    await createHttp({ root: "/" }).post("visitor/session/", {});
    expect(headers()).not.toHaveProperty("X-CSRFToken");
  });

  test("that succeeds without a body gives an empty object", async () => {
    answerWith("");
    expect(await createHttp({ root: "/" }).get("x/")).toEqual({});
  });
});

describe("a refusal", () => {
  test("carries code, text and how long to wait", async () => {
    answerWith({ code: "rate", text: "Slow down.", retry_after: 7 }, { status: 429 });
    const error = await refusal(createHttp({ root: "/" }).get("x/"));
    expect(error).toMatchObject({ status: 429, code: "rate", retryAfter: 7 });
    expect(error.message).toBe("Slow down.");
    expect(error.isTransient).toBe(true);
  });

  test("without JSON still has a code, and the header's pause", async () => {
    answerWith("<h1>Bad gateway</h1>", {
      status: 502,
      headers: { "Retry-After": "3" },
    });
    const error = await refusal(createHttp({ root: "/" }).get("x/"));
    expect(error).toMatchObject({ status: 502, code: "http_502", retryAfter: 3 });
    expect(error.isTransient).toBe(true);
  });

  test("of a bad request is final", async () => {
    answerWith({ code: "invalid", text: "" }, { status: 400 });
    const error = await refusal(createHttp({ root: "/" }).get("x/"));
    expect(error.isTransient).toBe(false);
    expect(error.retryAfter).toBeNull();
  });
});

describe("no answer", () => {
  test("is what a hotel's log-in page is, though its status is 200", async () => {
    answerWith("<h1>Welcome to our network</h1>");
    const error = await refusal(createHttp({ root: "/" }).get("x/"));
    expect(error).toMatchObject({ status: 0, code: "network" });
  });

  test("is told from a refusal", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("cut")));
    const error = await refusal(createHttp({ root: "/" }).get("x/"));
    expect(error).toMatchObject({ status: 0, code: "network" });
    expect(error.isTransient).toBe(true);
  });

  test("is not waited for longer than the limit", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", hanging);
    const waiting = refusal(createHttp({ root: "/" }).get("x/", { timeoutMs: 500 }));
    await vi.advanceTimersByTimeAsync(500);
    expect((await waiting).code).toBe("network");
  });

  test("is given up when the caller gives up", async () => {
    vi.stubGlobal("fetch", hanging);
    const controller = new AbortController();
    const waiting = refusal(
      createHttp({ root: "/" }).get("x/", { signal: controller.signal }),
    );
    controller.abort();
    expect((await waiting).status).toBe(0);
  });
});

describe("the visitor's twin", () => {
  const twin = () => visitorTwin(createHttp({ root: "/" }));

  test("posts a message under its client id", async () => {
    answerWith({ seq: 1 });
    await twin().post({
      cmid: "a".repeat(32),
      conv: CONV,
      kind: "message",
      text: "hello",
      madeAt: 1,
      state: "sending",
    });
    expect(asked[0]?.url).toBe(`/api/v1/visitor/conversations/${CONV}/messages/`);
    expect(headers()["Idempotency-Key"]).toBe("a".repeat(32));
    expect(asked[0]?.init.body).toBe('{"body":{"text":"hello"},"kind":"message"}');
  });

  test("asks for what follows the cursor", async () => {
    answerWith({ items: [] });
    const { signal } = new AbortController();
    const place = { conv: CONV, cursor: 4, epoch: "e1", delivered: 3, read: 2 };
    await twin().poll({ ...place, wait: true, signal });
    expect(asked[0]?.url).toBe(
      `/api/v1/visitor/conversations/${CONV}/events/` +
        "?after=4&epoch=e1&delivered=3&read=2&wait=1",
    );
  });

  test("posts marks and typing", async () => {
    answerWith({});
    await twin().mark(CONV, { read: 3 });
    await twin().whisper(CONV, "hel");
    await twin().whisper(CONV, null);
    expect(asked.map((each) => each.url.split("/").at(-2))).toEqual([
      "marks",
      "typing",
      "typing",
    ]);
    expect(asked.map((each) => each.init.body)).toEqual([
      '{"read":3}',
      '{"text":"hel"}',
      "{}",
    ]);
  });

  test("believes no answer that is not ours", async () => {
    answerWith({});
    const { signal } = new AbortController();
    const place = { conv: CONV, cursor: 0, epoch: "", delivered: 0, read: 0 };
    const query = { ...place, wait: false, signal };
    expect((await refusal(twin().poll(query))).code).toBe("network");
    const intent = { cmid: "a".repeat(32), conv: CONV, text: "hello", madeAt: 1 };
    const posting = twin().post({ ...intent, kind: "message", state: "sending" });
    expect((await refusal(posting)).code).toBe("network");
  });

  test("knows which refusals may pass", () => {
    const cmid = "a".repeat(32);
    const of = (status: number, code: string) =>
      refusalOf(new HttpError(status, code, ""), cmid);
    expect(of(409, "closed")).toMatchObject({ final: true, code: "closed", cmid });
    expect(of(409, "out_of_order")).toMatchObject({ final: false });
    expect(of(503, "db")).toMatchObject({ final: false });
    expect(of(0, "network")).toBeNull();
    expect(refusalOf(new Error("bug"), cmid)).toBeNull();
  });
});

/** A server that never answers, unless the caller hangs up. */
function hanging(_url: string, { signal }: RequestInit): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("aborted")));
  });
}
