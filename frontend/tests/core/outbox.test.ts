import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Intent, NEW, Outbox } from "../../src/core/outbox";
import { CONV, FakeRecords, settle } from "../fakes";

let records: FakeRecords<Intent>;
let shown: readonly Intent[];
let carried: Intent[];

const OTHER = "d".repeat(32);
const carry = (intent: Intent) => carried.push(intent);
const texts = (intents: readonly Intent[]) => intents.map((each) => each.text);
const states = () => shown.map((each) => each.state);

function open(): Outbox {
  return new Outbox(records, (intents) => {
    shown = intents;
  });
}

/** The server took the intent that was carried last. */
function accept(outbox: Outbox, intent = carried.at(-1)): void {
  outbox.settle({ cmid: intent?.cmid ?? "", seq: carried.length, at: 1 });
}

beforeEach(() => {
  vi.useFakeTimers();
  records = new FakeRecords();
  shown = [];
  carried = [];
});

afterEach(() => {
  vi.useRealTimers();
});

describe("sending", () => {
  test("stores an intent before its first byte leaves", async () => {
    const outbox = open();
    let wasStored = false;
    outbox.connect((intent) => {
      wasStored = records.kept.has(intent.cmid);
    });
    await outbox.add(CONV, "hello");
    expect(wasStored).toBe(true);
  });

  test("shows an intent at once, as another list than before", async () => {
    const outbox = open();
    const before = shown;
    const adding = outbox.add(CONV, "hello");
    expect(texts(shown)).toEqual(["hello"]);
    expect(shown).not.toBe(before);
    await adding;
  });

  test("keeps one unacknowledged intent a conversation, in order", async () => {
    const outbox = open();
    outbox.connect(carry);
    await outbox.add(CONV, "one");
    await outbox.add(CONV, "two");
    await outbox.add(OTHER, "elsewhere");
    expect(texts(carried)).toEqual(["one", "elsewhere"]);
    accept(outbox, carried[0]);
    expect(texts(carried)).toEqual(["one", "elsewhere", "two"]);
  });

  test("orders intents that were made within one millisecond", async () => {
    const outbox = open();
    await Promise.all(["a", "b", "c"].map((text) => outbox.add(CONV, text)));
    const moments = shown.map((each) => each.madeAt);
    expect([...moments].sort((left, right) => left - right)).toEqual(moments);
    expect(new Set(moments).size).toBe(3);
  });

  test("tries again after five seconds without an answer, with the same id", async () => {
    const outbox = open();
    outbox.connect(carry);
    await outbox.add(CONV, "hello");
    await vi.advanceTimersByTimeAsync(4_900);
    expect(carried).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(carried).toHaveLength(2);
    expect(carried[1]?.cmid).toBe(carried[0]?.cmid);
  });

  test("goes on although the browser refuses to store", async () => {
    records.isBroken = true;
    const outbox = open();
    outbox.connect(carry);
    await outbox.add(CONV, "hello");
    expect(texts(carried)).toEqual(["hello"]);
    accept(outbox);
    expect(states()).toEqual(["sent"]);
  });

  test("goes on when storing never ends", async () => {
    records.put = () => new Promise(() => undefined);
    const outbox = open();
    outbox.connect(carry);
    void outbox.add(CONV, "hello");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(texts(carried)).toEqual(["hello"]);
  });
});

describe("answers", () => {
  test("turn sending into sent and empty the store", async () => {
    const outbox = open();
    outbox.connect(carry);
    await outbox.add(CONV, "hello");
    expect(states()).toEqual(["sending"]);
    accept(outbox);
    await settle();
    expect(states()).toEqual(["sent"]);
    expect(records.kept.size).toBe(0);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(carried).toHaveLength(1);
  });

  test("to somebody else's intent are ignored", async () => {
    const outbox = open();
    outbox.connect(carry);
    await outbox.add(CONV, "hello");
    outbox.settle({ cmid: "f".repeat(32), seq: 1, at: 1 });
    outbox.refuse({ cmid: null, code: "invalid", final: true });
    expect(states()).toEqual(["sending"]);
  });

  test("that refuse for good mark the intent failed and let the next one go", async () => {
    const outbox = open();
    outbox.connect(carry);
    const first = await outbox.add(CONV, "too long");
    await outbox.add(CONV, "short");
    outbox.refuse({ cmid: first.cmid, code: "too_large", final: true, text: "No" });
    expect(states()).toEqual(["failed", "sending"]);
    expect(shown[0]?.code).toBe("too_large");
    expect(texts(carried)).toEqual(["too long", "short"]);
    await settle();
    expect(records.kept.get(first.cmid)?.state).toBe("failed");
  });

  test("that ask to wait are obeyed", async () => {
    const outbox = open();
    outbox.connect(carry);
    const intent = await outbox.add(CONV, "hello");
    outbox.refuse({ cmid: intent.cmid, code: "rate", retry_after: 9 });
    await vi.advanceTimersByTimeAsync(8_900);
    expect(carried).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(carried).toHaveLength(2);
    expect(states()).toEqual(["sending"]);
  });

  test("that come late, after the entry was seen, do nothing", async () => {
    const outbox = open();
    outbox.connect(carry);
    const intent = await outbox.add(CONV, "hello");
    outbox.absorb([intent.cmid]);
    expect(shown).toEqual([]);
    accept(outbox, intent);
    expect(shown).toEqual([]);
  });

  test("never turn a sent message into a failed one", async () => {
    const outbox = open();
    outbox.connect(carry);
    const intent = await outbox.add(CONV, "hello");
    accept(outbox);
    outbox.refuse({ cmid: intent.cmid, code: "closed", final: true });
    expect(states()).toEqual(["sent"]);
  });

  test("found in the log count for an intent that had failed", async () => {
    const outbox = open();
    outbox.connect(carry);
    const intent = await outbox.add(CONV, "hello");
    outbox.refuse({ cmid: intent.cmid, code: "forbidden", final: true });
    outbox.absorb([intent.cmid]);
    expect(shown).toEqual([]);
  });
});

describe("without a network", () => {
  test("intents wait, and go in order when it is back", async () => {
    const outbox = open();
    await outbox.add(CONV, "one");
    await outbox.add(CONV, "two");
    expect(states()).toEqual(["waiting", "waiting"]);
    outbox.connect(carry);
    expect(states()).toEqual(["sending", "sending"]);
    accept(outbox);
    expect(texts(carried)).toEqual(["one", "two"]);
  });

  test("what was under way waits again and is not sent meanwhile", async () => {
    const outbox = open();
    outbox.connect(carry);
    await outbox.add(CONV, "hello");
    outbox.disconnect();
    expect(states()).toEqual(["waiting"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(carried).toHaveLength(1);
    outbox.connect(carry);
    expect(carried).toHaveLength(2);
  });
});

describe("after a reload", () => {
  test("what was not acknowledged is sent again under the same id", async () => {
    const before = open();
    before.connect(() => undefined);
    const intent = await before.add(CONV, "hello");
    const after = open();
    await after.load();
    expect(texts(shown)).toEqual(["hello"]);
    after.connect(carry);
    expect(carried.map((each) => each.cmid)).toEqual([intent.cmid]);
  });

  test("what was acknowledged does not come back", async () => {
    const before = open();
    before.connect(carry);
    await before.add(CONV, "hello");
    accept(before);
    await settle();
    await open().load();
    expect(records.kept.size).toBe(0);
  });

  test("what had failed stays failed, with its reason", async () => {
    const before = open();
    before.connect(carry);
    const intent = await before.add(CONV, "hello");
    before.refuse({ cmid: intent.cmid, code: "blocked", final: true });
    await settle();
    const after = open();
    await after.load();
    after.connect(carry);
    expect(states()).toEqual(["failed"]);
    expect(shown[0]?.code).toBe("blocked");
    expect(carried).toHaveLength(1);
  });

  test("the order of writing is kept", async () => {
    const before = open();
    for (const text of ["one", "two", "three"]) {
      await before.add(CONV, text);
    }
    const backwards = [...records.kept].reverse();
    records.kept.clear();
    for (const [cmid, intent] of backwards) {
      records.kept.set(cmid, intent);
    }
    const after = open();
    await after.load();
    expect(texts(shown)).toEqual(["one", "two", "three"]);
  });

  test("a new intent comes after the ones that were kept", async () => {
    const before = open();
    await before.add(CONV, "old");
    const after = open();
    await after.load();
    await after.add(CONV, "new");
    expect(texts(shown)).toEqual(["old", "new"]);
  });

  test("a store that cannot be read leaves the box empty and usable", async () => {
    records.isBroken = true;
    const outbox = open();
    await outbox.load();
    outbox.connect(carry);
    await outbox.add(CONV, "hello");
    expect(texts(carried)).toEqual(["hello"]);
  });
});

describe("the author", () => {
  test("tries a failed intent again", async () => {
    const outbox = open();
    outbox.connect(carry);
    const intent = await outbox.add(CONV, "hello");
    outbox.refuse({ cmid: intent.cmid, code: "closed", final: true });
    outbox.retry(intent.cmid);
    expect(states()).toEqual(["sending"]);
    expect(shown[0]?.code).toBeUndefined();
    expect(carried).toHaveLength(2);
  });

  test("deletes a failed intent, here and in the store", async () => {
    const outbox = open();
    outbox.connect(carry);
    const intent = await outbox.add(CONV, "hello");
    outbox.refuse({ cmid: intent.cmid, code: "closed", final: true });
    outbox.withdraw(intent.cmid);
    await settle();
    expect(shown).toEqual([]);
    expect(records.kept.size).toBe(0);
  });

  test("cannot take back what is on its way", async () => {
    const outbox = open();
    outbox.connect(carry);
    const intent = await outbox.add(CONV, "hello");
    outbox.withdraw(intent.cmid);
    expect(states()).toEqual(["sending"]);
  });
});

describe("the first message", () => {
  test("waits for its conversation and then goes there", async () => {
    const outbox = open();
    outbox.connect(() => undefined);
    await outbox.add(NEW, "one");
    await outbox.add(NEW, "two");
    outbox.connect(carry);
    carried = [];
    await outbox.move(NEW, CONV);
    expect(carried.map((each) => [each.conv, each.text])).toEqual([[CONV, "one"]]);
    expect(outbox.list(NEW)).toEqual([]);
    expect([...records.kept.values()].map((each) => each.conv)).toEqual([CONV, CONV]);
  });
});

describe("two tabs", () => {
  test("share what was written: a tab that connects takes along what another left", async () => {
    const first = open();
    await first.add(CONV, "written elsewhere");
    const second = open();
    second.connect(carry);
    await settle();
    expect(texts(carried)).toEqual(["written elsewhere"]);
  });

  test("hear from each other what was deleted", async () => {
    vi.useRealTimers();
    const first = new Outbox(records, () => undefined, "tabs");
    const intent = await first.add(CONV, "never mind");
    let seen: readonly Intent[] = [];
    const second = new Outbox(
      records,
      (intents) => {
        seen = intents;
      },
      "tabs",
    );
    await second.load();
    expect(texts(seen)).toEqual(["never mind"]);
    first.withdraw(intent.cmid);
    await vi.waitFor(() => expect(seen).toEqual([]));
    first.close();
    second.close();
  });
});
