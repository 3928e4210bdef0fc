/** The workspace without a socket, over a server whose answers the test gives. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DeskPoller, operatorTwin } from "../../src/console/poll";
import { type Http, HttpError } from "../../src/core/http";
import type { Intent } from "../../src/core/outbox";
import { Outbox } from "../../src/core/outbox";
import { type ConversationState, emptyConversation } from "../../src/core/store";
import { type Link, Sync } from "../../src/core/sync";
import type { PolledFrames, PostPoll, ServerFrame } from "../../src/protocol";
import { Goodbye } from "../../src/protocol";
import {
  CONV,
  EPOCH,
  events,
  FakeRecords,
  FakeSocket,
  fakeSockets,
  synced,
} from "../fakes";

type Answer = PolledFrames | Error;

let asked: { path: string; body: unknown; headers?: Record<string, string> }[];
let polled: () => Answer;
let links: [Link, number][];
let heard: ServerFrame[];
let shown: readonly Intent[];
let copies: ConversationState[];
let outbox: Outbox;
let sync: Sync;

const questions = () =>
  asked
    .filter(({ path }) => path === "operator/poll/")
    .map(({ body }) => body as PostPoll);
const frames = (...all: ServerFrame[]) => ({ frames: all }) as PolledFrames;
const inbox: ServerFrame = { type: "inbox", rows: [], whole: true };

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  fakeSockets();
  asked = [];
  links = [];
  heard = [];
  shown = [];
  copies = [];
  polled = () => frames(inbox);
  const http = {
    get: () => Promise.reject(new Error("nobody asks this")),
    post: async (path: string, body: unknown, options = {}) => {
      asked.push({ path, body, ...options });
      if (path !== "operator/poll/") {
        const { headers = {} } = options as { headers?: Record<string, string> };
        return { cmid: headers["Idempotency-Key"], conv: CONV, seq: 1, at: 1 };
      }
      const answer = polled();
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  } as Http;
  outbox = new Outbox(new FakeRecords<Intent>(), (intents) => {
    shown = intents;
  });
  sync = new Sync({
    socketUrl: "/ws/",
    outbox,
    twin: operatorTwin(http),
    follow: (ears) => new DeskPoller(http, () => 7, ears),
    onConversation: (copy) => copies.push(copy),
    onLink: (link, code) => links.push([link, code]),
    onFrame: (frame) => heard.push(frame),
  });
});

afterEach(() => {
  sync.stop();
  vi.useRealTimers();
});

/** Begin where every socket is closed at once. */
async function beginBlocked(): Promise<void> {
  sync.follow(CONV, emptyConversation(CONV, { epoch: EPOCH, cursor: 2, head: 2 }));
  sync.start();
  FakeSocket.latest.break();
  await vi.advanceTimersByTimeAsync(6_000);
}

test("without sockets the list is there within ten seconds, and the log goes on", async () => {
  polled = () => frames(inbox, events(3, 4), synced(4));
  await beginBlocked();
  expect(sync.link).toBe("polling");
  expect(heard).toEqual([inbox]);
  expect(copies.at(-1)?.cursor).toBe(4);
  expect(questions()[0]).toMatchObject({
    idle: 7,
    resume: [{ conv: CONV, cursor: 2, epoch: EPOCH }],
  });
});

test("it asks every two seconds, each time from where the copy ends", async () => {
  const answers = [frames(events(3, 3)), frames(events(4, 4)), frames()];
  polled = () => answers.shift() ?? frames();
  await beginBlocked();
  await vi.advanceTimersByTimeAsync(4_100);
  const cursors = questions().map((each) => each.resume?.[0]?.cursor);
  expect(cursors).toEqual([2, 3, 4]);
  expect(new Set(questions().map((each) => each.tab)).size).toBe(1);
});

test("replies, notes and marks travel by request", async () => {
  await beginBlocked();
  await outbox.add(CONV, "It is in stock.");
  await vi.advanceTimersByTimeAsync(10);
  expect(shown.map((intent) => intent.state)).toEqual(["sent"]);
  const posted = asked.find(({ path }) => path.endsWith("/messages/"));
  expect(posted?.path).toBe(`operator/conversations/${CONV}/messages/`);
  expect(posted?.headers?.["Idempotency-Key"]).toBe(shown[0]?.cmid);
  sync.read(CONV, 2);
  sync.whisper(CONV, "draft", "nobody hears of this");
  await vi.advanceTimersByTimeAsync(10);
  const marked = asked.filter(({ path }) => path.endsWith("/marks/"));
  expect(marked.map(({ body }) => body)).toEqual([{ delivered: 2, read: 2 }]);
});

test("a socket that opens takes over, and nobody asks any more", async () => {
  await beginBlocked();
  dispatchEvent(new Event("online"));
  FakeSocket.latest.welcome();
  expect(sync.link).toBe("live");
  const before = questions().length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(questions().length).toBe(before);
});

test("a server that is away is said to be, and asked again less and less often", async () => {
  await beginBlocked();
  polled = () => new HttpError(0, "network", "");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sync.link).toBe("down");
  expect(questions().length).toBeLessThan(20);
  polled = () => frames(inbox);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(sync.link).toBe("polling");
});

test("a page of somebody else in the server's place is no answer", async () => {
  polled = () => ({}) as PolledFrames;
  await beginBlocked();
  expect(sync.link).not.toBe("polling");
});

test.each([
  [401, Goodbye.AUTH_GONE],
  [403, Goodbye.ACCESS_GONE],
])(
  "who may not ask any more, for %i, is told so and asks no more",
  async (status, code) => {
    await beginBlocked();
    polled = () => new HttpError(status, "forbidden", "");
    await vi.advanceTimersByTimeAsync(2_100);
    expect(links.at(-1)).toEqual(["ended", code]);
    const [before, made] = [questions().length, FakeSocket.made.length];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(questions().length).toBe(before);
    expect(FakeSocket.made.length).toBe(made);
  },
);
