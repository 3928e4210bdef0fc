import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HttpError } from "../../src/core/http";
import { type Intent, Outbox } from "../../src/core/outbox";
import { Poller } from "../../src/core/poll";
import type { ConversationState } from "../../src/core/store";
import { type Link, Sync } from "../../src/core/sync";
import type { PolledTwin, PollQuery } from "../../src/core/twin";
import type { Entry, PollResult, ServerFrame } from "../../src/protocol";
import {
  CONV,
  EPOCH,
  entry,
  events,
  FakeRecords,
  FakeSocket,
  fakeSockets,
  settle,
  synced,
} from "../fakes";

let links: Link[];
let copies: ConversationState[];
let heard: ServerFrame[];
let shown: readonly Intent[];
let outbox: Outbox;
let sync: Sync;
let twin: FakeTwin;

const server = () => FakeSocket.latest;
const copy = () => copies.at(-1);
const seqs = () => copy()?.entries.map((each) => each.seq);

/** The HTTP side: answers are given by the test, one poll at a time. */
class FakeTwin implements PolledTwin {
  polls: PollQuery[] = [];
  posted: Intent[] = [];
  marked: unknown[] = [];
  whispered: (string | null)[] = [];
  next: () => Promise<PollResult> = () => new Promise(() => undefined);
  postFails: Error | null = null;

  poll(query: PollQuery): Promise<PollResult> {
    this.polls.push(query);
    return this.next();
  }

  async post(intent: Intent) {
    this.posted.push(intent);
    if (this.postFails) {
      throw this.postFails;
    }
    return { cmid: intent.cmid, conv: intent.conv, seq: this.posted.length, at: 1 };
  }

  async mark(_conv: string, marks: { delivered?: number; read?: number }) {
    this.marked.push(marks);
  }

  async whisper(_conv: string, text: string | null) {
    this.whispered.push(text);
  }

  /** Answer the next poll with entries, and hold the one after. */
  answerOnce(from: number, to: number): void {
    const answers = [polled(from, to)];
    this.next = () => {
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : new Promise(() => undefined);
    };
  }
}

function polled(from: number, to: number): PollResult {
  return {
    conv: CONV,
    epoch: EPOCH,
    from,
    to,
    items: events(from, to).items,
    marks: { operator_read: to },
    status: "open",
    availability: { state: "online", online: 1 },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  fakeSockets();
  links = [];
  copies = [];
  heard = [];
  shown = [];
  twin = new FakeTwin();
  outbox = new Outbox(new FakeRecords<Intent>(), (intents) => {
    shown = intents;
  });
  sync = new Sync({
    socketUrl: "/ws/",
    outbox,
    twin,
    follow: (ears) => new Poller(twin, ears),
    onConversation: (state) => copies.push(state),
    onLink: (link) => links.push(link),
    onFrame: (frame) => heard.push(frame),
  });
});

afterEach(() => {
  sync.stop();
  vi.useRealTimers();
});

function connect(): void {
  sync.follow(CONV);
  sync.start();
  server().welcome(8);
}

describe("over the socket", () => {
  test("resumes each copy from where it ends", () => {
    connect();
    server().tell(events(1, 3));
    server().break();
    vi.advanceTimersByTime(1_000);
    server().welcome();
    expect(server().sent("hello")[0]?.resume).toEqual([
      { conv: CONV, cursor: 3, epoch: EPOCH },
    ]);
  });

  test("acknowledges what it applied soon, then once a second", () => {
    connect();
    server().tell(events(1, 1));
    server().tell(events(2, 2));
    vi.advanceTimersByTime(200);
    expect(server().sent("ack")).toEqual([{ type: "ack", conv: CONV, seq: 2 }]);
    server().tell(events(3, 3));
    vi.advanceTimersByTime(900);
    expect(server().sent("ack")).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(server().sent("ack").at(-1)).toEqual({ type: "ack", conv: CONV, seq: 3 });
  });

  test("acknowledges many at once, so that the server need not stop", () => {
    connect();
    server().tell(events(1, 1));
    vi.advanceTimersByTime(200);
    server().tell(events(2, 51));
    expect(server().sent("ack").at(-1)).toEqual({ type: "ack", conv: CONV, seq: 51 });
  });

  test("asks again at once when a batch leaves a hole", () => {
    connect();
    server().tell(events(1, 1));
    server().tell(events(3, 4));
    vi.advanceTimersByTime(0);
    const asked = server().sent("hello").at(-1);
    expect(asked?.resume).toEqual([{ conv: CONV, cursor: 1, epoch: EPOCH }]);
    expect(seqs()).toEqual([1]);
    server().tell(events(2, 4));
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  test("asks again when a heartbeat knows more for two seconds", () => {
    connect();
    server().tell(events(1, 1));
    server().tell({ type: "heads", heads: { [CONV]: 2 } });
    vi.advanceTimersByTime(1_900);
    expect(server().sent("hello")).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(server().sent("hello")).toHaveLength(2);
  });

  test("talks on with a server of a later release", async () => {
    connect();
    const later = (frame: object) =>
      server().tell({ ...(frame as ServerFrame), ...{ later: ["nobody knows"] } });
    const strange = entry(2, { kind: "hologram" as Entry["kind"], text: "" });
    later({ type: "surprise", conv: CONV });
    later(events(1, 3, [entry(1), strange, entry(3)]));
    later(synced(3));
    later({ type: "heads", heads: { [CONV]: 3 } });
    await outbox.add(CONV, "Is it in stock?");
    await settle();
    const [asked] = server().sent("send");
    later({ type: "sent", cmid: asked?.cmid, conv: CONV, seq: 4, at: 1 });
    await settle();
    expect(seqs()).toEqual([1, 2, 3]);
    expect(shown.map((each) => each.state)).toEqual(["sent"]);
    expect(server().sent("hello")).toHaveLength(1);
    expect(links.at(-1)).toBe("live");
  });

  test("brings what an earlier page left in a dialog that nobody has opened", async () => {
    const other = "d".repeat(32);
    await outbox.add(other, "The one with the steel burrs.");
    connect();
    await settle();
    expect(server().sent("send")).toEqual([]);
    expect(twin.posted.map(({ conv, text }) => [conv, text])).toEqual([
      [other, "The one with the steel burrs."],
    ]);
    expect(shown.map((each) => each.state)).toEqual(["sent"]);
  });

  test("does not ask when what was missing came by itself", () => {
    connect();
    server().tell({ type: "heads", heads: { [CONV]: 1 } });
    server().tell(events(1, 1));
    vi.advanceTimersByTime(5_000);
    expect(server().sent("hello")).toHaveLength(1);
  });

  test("drops its copy on a reset and asks for all of it, keeping the outbox", async () => {
    connect();
    server().tell(events(1, 2));
    await outbox.add(CONV, "kept");
    const epoch = "f".repeat(32);
    server().tell({ type: "reset", conv: CONV, epoch, reason: "epoch" });
    expect(server().sent("hello").at(-1)?.resume).toEqual([
      { conv: CONV, cursor: 0, epoch },
    ]);
    expect(copy()?.entries).toEqual([]);
    expect(shown.map((each) => each.text)).toEqual(["kept"]);
  });

  test("follows another conversation on the open socket", () => {
    connect();
    const other = "d".repeat(32);
    sync.follow(other);
    expect(server().sent("hello").at(-1)?.resume).toEqual([
      { conv: other, cursor: 0, epoch: "" },
    ]);
    sync.follow(other);
    expect(server().sent("hello")).toHaveLength(2);
  });

  test("follows from where a page of history ends", () => {
    sync.follow(CONV, { cursor: 60, from: 11, epoch: EPOCH });
    sync.start();
    server().welcome();
    expect(server().sent("hello")[0]?.resume?.[0]?.cursor).toBe(60);
  });

  test("does not resume what it no longer follows", () => {
    connect();
    sync.unfollow(CONV);
    server().tell(events(1, 1));
    expect(copies).toHaveLength(1);
    server().break();
    vi.advanceTimersByTime(1_000);
    server().welcome();
    expect(server().sent("hello")[0]?.resume).toEqual([]);
  });

  test("sends what is in the outbox and replaces it by its entry", async () => {
    connect();
    await outbox.add(CONV, "hello");
    const sent = server().sent("send")[0];
    expect(sent).toMatchObject({
      conv: CONV,
      body: { text: "hello" },
      kind: "message",
    });
    const cmid = sent?.cmid ?? "";
    server().tell({ type: "sent", cmid, conv: CONV, seq: 1, at: 5 });
    expect(shown[0]?.state).toBe("sent");
    server().tell(events(1, 1, [entry(1, { cmid })]));
    expect(shown).toEqual([]);
  });

  test("hands a refusal to the outbox and on", async () => {
    connect();
    await outbox.add(CONV, "hello");
    const cmid = server().sent("send")[0]?.cmid ?? "";
    server().tell({ type: "nack", cmid, code: "too_large", final: true });
    expect(shown[0]?.state).toBe("failed");
    expect(heard.map((frame) => frame.type)).toContain("nack");
  });

  test("tells what was read, once and only forward", () => {
    connect();
    server().tell(events(1, 3));
    sync.read(CONV, 3);
    sync.read(CONV, 3);
    sync.read(CONV, 2);
    expect(server().sent("read")).toEqual([{ type: "read", conv: CONV, seq: 3 }]);
  });

  test("tells again what was read when the server came back without knowing", () => {
    connect();
    server().tell(events(1, 3));
    sync.read(CONV, 3);
    server().tell(synced(3, { visitor_read: 3, operator_read: 2 }));
    expect(server().sent("read")).toHaveLength(2);
    server().tell(synced(3, { visitor_read: 3, operator_read: 3 }));
    expect(server().sent("read")).toHaveLength(2);
  });

  test("whispers drafts without an empty text", () => {
    connect();
    sync.whisper(CONV, "draft", "hel");
    sync.whisper(CONV, "typing");
    expect(server().sent("eph")).toEqual([
      { type: "eph", conv: CONV, kind: "draft", text: "hel" },
      { type: "eph", conv: CONV, kind: "typing" },
    ]);
  });

  test("hands on what is not about a log", () => {
    connect();
    server().tell({ type: "availability", availability: { state: "busy" } });
    expect(heard.map((frame) => frame.type)).toContain("availability");
  });

  test("ends when the server says that it is over", () => {
    connect();
    server().break(4401);
    expect(sync.link).toBe("ended");
    vi.advanceTimersByTime(60_000);
    expect(twin.polls).toEqual([]);
  });
});

describe("without a socket", () => {
  test("polls within ten seconds when the socket cannot be opened", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 2);
    server().break();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sync.link).toBe("polling");
    expect(seqs()).toEqual([1, 2]);
    expect(copy()?.marks.operator_read).toBe(2);
    expect(heard.map((frame) => frame.type)).toContain("availability");
  });

  test("polls within ten seconds when the socket opens and stays silent", async () => {
    sync.follow(CONV);
    sync.start();
    server().open();
    twin.answerOnce(1, 1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sync.link).toBe("polling");
  });

  test("tells how far it knows the other side to be", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 2);
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(twin.polls.map((poll) => [poll.delivered, poll.read])).toEqual([
      [0, 0],
      [0, 2],
    ]);
  });

  test("asks at once first, then lets the server wait", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 1);
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(twin.polls.map((poll) => [poll.cursor, poll.wait])).toEqual([
      [0, false],
      [1, true],
    ]);
  });

  test("sends messages and marks over HTTP", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 1);
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    await outbox.add(CONV, "hello");
    await settle();
    expect(twin.posted.map((each) => each.text)).toEqual(["hello"]);
    expect(shown[0]?.state).toBe("sent");
    sync.read(CONV, 1);
    sync.whisper(CONV, "draft", "and");
    sync.whisper(CONV, "draft");
    sync.whisper(CONV, "typing");
    expect(twin.marked).toEqual([{ delivered: 1 }, { delivered: 1, read: 1 }]);
    expect(twin.whispered).toEqual(["and", "", null]);
  });

  test("takes a refusal over HTTP as one, and no answer as none", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 1);
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    twin.postFails = new HttpError(0, "network", "");
    await outbox.add(CONV, "hello");
    await settle();
    expect(shown[0]?.state).toBe("sending");
    twin.postFails = new HttpError(409, "closed", "It has ended.");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(shown[0]?.state).toBe("failed");
    expect(shown[0]?.reason).toBe("It has ended.");
  });

  test("keeps trying the socket and goes back to it", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 1);
    server().break();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(sync.link).toBe("polling");
    expect(FakeSocket.made.length).toBeGreaterThan(1);
    server().welcome();
    expect(sync.link).toBe("live");
    const polls = twin.polls.length;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(twin.polls).toHaveLength(polls);
    expect(twin.polls.at(-1)?.signal.aborted).toBe(true);
  });

  test("does not begin to poll when the socket came back in time", async () => {
    connect();
    server().break();
    await vi.advanceTimersByTimeAsync(1_000);
    server().welcome();
    await vi.advanceTimersByTimeAsync(5_500);
    server().tell({ type: "pong", t: 1 });
    await vi.advanceTimersByTimeAsync(5_500);
    expect(twin.polls).toEqual([]);
  });

  test("is down when neither way works, and up when one does", async () => {
    sync.follow(CONV);
    sync.start();
    twin.next = () => Promise.reject(new HttpError(0, "network", ""));
    server().break();
    await vi.advanceTimersByTimeAsync(8_000);
    await outbox.add(CONV, "hello");
    expect(shown[0]?.state).toBe("waiting");
    expect(["down", "connecting"]).toContain(sync.link);
    twin.answerOnce(1, 1);
    await vi.advanceTimersByTimeAsync(35_000);
    expect(sync.link).toBe("polling");
    expect(shown[0]?.state).toBe("sent");
  });

  test("is down again when polling stops working", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 1);
    const { next } = twin;
    twin.next = () =>
      twin.polls.length > 1 ? Promise.reject(new Error("cut")) : next();
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(links[links.indexOf("polling") + 1]).toBe("down");
  });

  test("stops asking when it is stopped", async () => {
    sync.follow(CONV);
    sync.start();
    twin.answerOnce(1, 1);
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    const signal = twin.polls.at(-1)?.signal;
    expect(signal?.aborted).toBe(false);
    sync.stop();
    expect(sync.link).toBe("idle");
    expect(signal?.aborted).toBe(true);
  });

  test("says that a conversation is gone when the server no longer knows it", async () => {
    sync.follow(CONV);
    sync.start();
    twin.next = () => Promise.reject(new HttpError(404, "not_found", ""));
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(copy()?.gone).toBe(true);
  });

  test("takes a reset and asks from the beginning", async () => {
    sync.follow(CONV, { cursor: 9, epoch: "old" });
    sync.start();
    const answers: PollResult[] = [
      { conv: CONV, epoch: EPOCH, reset: "epoch" },
      polled(1, 1),
    ];
    twin.next = () => {
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : new Promise(() => undefined);
    };
    server().break();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(twin.polls.map((poll) => poll.cursor)).toEqual([9, 0, 1]);
    expect(seqs()).toEqual([1]);
  });

  test("waits between polls where the server cannot hold them", async () => {
    sync.follow(CONV);
    sync.start();
    twin.next = () =>
      Promise.resolve({ ...polled(1, 0), retry_after: 2 } as PollResult);
    server().break();
    await vi.advanceTimersByTimeAsync(6_000);
    const begun = twin.polls.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(twin.polls.length - begun).toBe(5);
  });
});

test("a server that should wait and does not is asked once a second at most", async () => {
  sync.follow(CONV);
  sync.start();
  twin.next = () => Promise.resolve(polled(1, 0));
  server().break();
  await vi.advanceTimersByTimeAsync(6_000);
  const begun = twin.polls.length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(twin.polls.length - begun).toBeLessThanOrEqual(11);
});

test("a sync without a twin only waits for the socket", async () => {
  const bare = new Sync({
    socketUrl: "/ws/",
    outbox,
    onConversation: () => undefined,
    onLink: (link) => links.push(link),
  });
  bare.follow(CONV);
  bare.start();
  server().break();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(["down", "connecting"]).toContain(bare.link);
  dispatchEvent(new Event("online"));
  server().welcome();
  server().tell(synced(0));
  expect(bare.get(CONV)?.synced).toBe(true);
  bare.stop();
});
