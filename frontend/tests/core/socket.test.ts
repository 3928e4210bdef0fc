import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backoff, ChatSocket, type SocketState } from "../../src/core/socket";
import type { ServerFrame } from "../../src/protocol";
import { CONV, FakeSocket, fakeSockets, setVisibility } from "../fakes";

let states: [SocketState, number][];
let frames: ServerFrame[];
let socket: ChatSocket;

const state = () => socket.state;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  fakeSockets();
  states = [];
  frames = [];
  socket = new ChatSocket({
    url: "/chatdesk/ws/visitor/",
    hello: () => ({ tab: "t", resume: [{ conv: CONV, cursor: 3, epoch: "e" }] }),
    onFrame: (frame) => frames.push(frame),
    onState: (to, code) => states.push([to, code]),
  });
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

describe("connecting", () => {
  test("goes to the page's own host", () => {
    socket.start();
    expect(FakeSocket.latest.url).toBe("ws://localhost:3000/chatdesk/ws/visitor/");
  });

  test("says hello first, with what is to be resumed", () => {
    socket.start();
    FakeSocket.latest.welcome();
    expect(FakeSocket.latest.said[0]).toEqual({
      type: "hello",
      v: 1,
      tab: "t",
      hidden: false,
      terse: true,
      resume: [{ conv: CONV, cursor: 3, epoch: "e" }],
    });
  });

  test("is open when the server has welcomed, not before", () => {
    socket.start();
    FakeSocket.latest.open();
    expect(state()).toBe("connecting");
    expect(socket.send({ type: "ping" })).toBe(false);
    FakeSocket.latest.welcome();
    expect(state()).toBe("open");
    expect(socket.send({ type: "ping" })).toBe(true);
  });

  test("twice asks once", () => {
    socket.start();
    socket.start();
    expect(FakeSocket.made).toHaveLength(1);
  });

  test("gives up on a server that does not welcome", () => {
    socket.start();
    FakeSocket.latest.open();
    vi.advanceTimersByTime(6_000);
    expect(state()).toBe("down");
    expect(FakeSocket.latest.isClosedByClient).toBe(true);
  });

  test("survives a browser that throws", () => {
    vi.stubGlobal("WebSocket", () => {
      throw new Error("blocked by policy");
    });
    socket.start();
    expect(state()).toBe("down");
  });
});

describe("back-off", () => {
  test("doubles from half a second to thirty, with full jitter", () => {
    const most = [0, 1, 2, 3, 6, 20].map((attempt) => backoff(attempt, () => 1));
    expect(most).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
    expect(backoff(4, () => 0)).toBe(0);
    expect(backoff(4, () => 0.25)).toBe(2_000);
  });

  test("grows from break to break and begins anew after a welcome", () => {
    socket.start();
    for (const wait of [250, 500, 1_000]) {
      FakeSocket.latest.break();
      const made = FakeSocket.made.length;
      vi.advanceTimersByTime(wait - 1);
      expect(FakeSocket.made).toHaveLength(made);
      vi.advanceTimersByTime(1);
      expect(FakeSocket.made).toHaveLength(made + 1);
    }
    FakeSocket.latest.welcome();
    FakeSocket.latest.break();
    vi.advanceTimersByTime(250);
    expect(state()).toBe("connecting");
  });
});

describe("the beat", () => {
  test("pings as often as the server asks", () => {
    socket.start();
    FakeSocket.latest.welcome(8);
    vi.advanceTimersByTime(8_000);
    expect(FakeSocket.latest.sent("ping")).toHaveLength(1);
    expect(FakeSocket.latest.sent("ping")[0]?.hidden).toBe(false);
  });

  test("takes a socket for dead after two missed pongs", () => {
    socket.start();
    FakeSocket.latest.welcome(8);
    vi.advanceTimersByTime(16_000);
    expect(state()).toBe("open");
    vi.advanceTimersByTime(8_000);
    expect(state()).toBe("down");
  });

  test("goes on for as long as the server answers", () => {
    socket.start();
    FakeSocket.latest.welcome(8);
    for (let beat = 0; beat < 10; beat += 1) {
      vi.advanceTimersByTime(8_000);
      FakeSocket.latest.tell({ type: "pong", t: 1 });
    }
    expect(state()).toBe("open");
  });

  test("says when nobody looks at the page", () => {
    socket.start();
    FakeSocket.latest.welcome(8);
    setVisibility("hidden");
    vi.advanceTimersByTime(8_000);
    expect(FakeSocket.latest.sent("ping").at(-1)?.hidden).toBe(true);
  });
});

describe("waking up", () => {
  const down = () => {
    socket.start();
    FakeSocket.latest.break();
    FakeSocket.made = FakeSocket.made.slice(-1);
  };

  test.each(["online", "pageshow"])("tries at once on %s", (name) => {
    down();
    dispatchEvent(new Event(name));
    expect(FakeSocket.made).toHaveLength(2);
  });

  test("tries at once when the page is looked at again", () => {
    setVisibility("hidden");
    down();
    setVisibility("visible");
    expect(FakeSocket.made).toHaveLength(2);
  });

  test("asks an open socket whether it lives, and gives it three seconds", () => {
    socket.start();
    FakeSocket.latest.welcome(60);
    dispatchEvent(new Event("online"));
    expect(FakeSocket.latest.sent("ping")).toHaveLength(1);
    vi.advanceTimersByTime(3_000);
    expect(state()).toBe("down");
  });

  test("leaves an open socket alone that answers", () => {
    socket.start();
    FakeSocket.latest.welcome(60);
    dispatchEvent(new Event("online"));
    FakeSocket.latest.tell({ type: "pong", t: 1 });
    vi.advanceTimersByTime(10_000);
    expect(state()).toBe("open");
  });

  test("notices that the machine slept", () => {
    socket.start();
    FakeSocket.latest.welcome(600);
    vi.setSystemTime(Date.now() + 120_000);
    vi.advanceTimersByTime(5_000);
    expect(FakeSocket.latest.sent("ping")).toHaveLength(1);
  });

  test("is over once stopped", () => {
    down();
    socket.stop();
    dispatchEvent(new Event("online"));
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
    expect(state()).toBe("idle");
  });
});

describe("goodbye", () => {
  test.each([4401, 4403, 4409])("with %i is for good", (code) => {
    socket.start();
    FakeSocket.latest.welcome();
    FakeSocket.latest.tell({ type: "bye", code });
    FakeSocket.latest.break(code);
    expect(states.at(-1)).toEqual(["ended", code]);
    vi.advanceTimersByTime(120_000);
    expect(FakeSocket.made).toHaveLength(1);
  });

  test("for a restart comes back no sooner than asked, spread out", () => {
    socket.start();
    FakeSocket.latest.welcome();
    FakeSocket.latest.tell({ type: "bye", code: 1012, reconnect_after: 4 });
    FakeSocket.latest.break(1012);
    vi.advanceTimersByTime(4_900);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(FakeSocket.made).toHaveLength(2);
  });

  test("for a flood is taken to heart", () => {
    socket.start();
    FakeSocket.latest.welcome();
    FakeSocket.latest.break(4429);
    vi.advanceTimersByTime(14_000);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(FakeSocket.made).toHaveLength(2);
  });

  test("can be followed by a new start", () => {
    socket.start();
    FakeSocket.latest.break(4401);
    socket.start();
    expect(state()).toBe("connecting");
  });
});

describe("frames", () => {
  test("are handed on; what is no frame is not", () => {
    socket.start();
    FakeSocket.latest.welcome();
    FakeSocket.latest.onmessage?.({ data: "{not json" });
    FakeSocket.latest.onmessage?.({ data: "null" });
    FakeSocket.latest.onmessage?.({ data: '{"no":"type"}' });
    FakeSocket.latest.tell({ type: "of_a_later_release" });
    expect(frames.map((frame) => frame.type)).toEqual([
      "welcome",
      "of_a_later_release",
    ]);
  });

  test("of a socket that was given up are not heard", () => {
    socket.start();
    const old = FakeSocket.latest;
    old.welcome();
    old.break();
    expect(old.onmessage).toBeNull();
  });

  test("ask for more conversations with another hello", () => {
    socket.start();
    FakeSocket.latest.welcome();
    expect(socket.greet([{ conv: CONV, cursor: 0, epoch: "" }])).toBe(true);
    expect(FakeSocket.latest.sent("hello")).toHaveLength(2);
  });
});
