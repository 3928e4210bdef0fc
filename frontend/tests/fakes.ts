/** Stand-ins for the server and the browser, steered by the tests. */

import { vi } from "vitest";
import type { RecordStore } from "../src/core/storage";
import type { ClientFrame, Entry, Marks, ServerFrame } from "../src/protocol";

export const CONV = "c".repeat(32);
export const EPOCH = "e".repeat(32);

/** Wait until what was promised has been done, without any time passing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}

/** A message of the log; a visitor's unless told otherwise. */
export function entry(seq: number, given: Partial<Entry> = {}): Entry {
  return {
    seq,
    kind: "message",
    author: "visitor",
    at: 1_700_000_000_000 + seq * 1000,
    cmid: String(seq).padStart(32, "0"),
    text: `words ${seq}`,
    ...given,
  };
}

export function operatorEntry(seq: number, given: Partial<Entry> = {}): Entry {
  return entry(seq, { author: "operator", by: "7", ...given });
}

/** Entries that cover ``from..to``; some numbers may be hidden. */
export function events(
  from: number,
  to: number,
  items: Entry[] = numbers(from, to).map((seq) => entry(seq)),
): Extract<ServerFrame, { type: "events" }> {
  return { type: "events", conv: CONV, epoch: EPOCH, from, to, items };
}

export function synced(seq: number, marks: Marks = {}): ServerFrame {
  return { type: "synced", conv: CONV, seq, marks };
}

export function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** A store of records whose failures can be switched on. */
export class FakeRecords<T extends { cmid: string }> implements RecordStore<T> {
  readonly kept = new Map<string, T>();
  isBroken = false;

  async all(): Promise<T[]> {
    this.check();
    return [...this.kept.values()];
  }

  async put(record: T): Promise<void> {
    this.check();
    this.kept.set(record.cmid, structuredClone(record));
  }

  async remove(cmid: string): Promise<void> {
    this.check();
    this.kept.delete(cmid);
  }

  private check(): void {
    if (this.isBroken) {
      throw new Error("refused");
    }
  }
}

/** The browser's end of a socket, with the server's end in the test's hands. */
export class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];

  static get latest(): FakeSocket {
    const socket = FakeSocket.made.at(-1);
    if (!socket) {
      throw new Error("nobody has connected");
    }
    return socket;
  }

  readyState = 0;
  readonly said: ClientFrame[] = [];
  isClosedByClient = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }

  send(data: string): void {
    this.said.push(JSON.parse(data) as ClientFrame);
  }

  close(): void {
    this.isClosedByClient = true;
    this.readyState = 3;
  }

  /** The server accepts and welcomes. */
  welcome(beatS = 8): void {
    this.open();
    this.tell({
      type: "welcome",
      v: 1,
      epoch: EPOCH,
      server_time: Date.now(),
      beat_s: beatS,
      max_frame: 16384,
    });
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  tell(frame: ServerFrame | Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The connection breaks, or the server closes it with a code. */
  break(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  sent<Type extends ClientFrame["type"]>(
    type: Type,
  ): Extract<ClientFrame, { type: Type }>[] {
    return this.said.filter(
      (frame): frame is Extract<ClientFrame, { type: Type }> => frame.type === type,
    );
  }
}

/** Put the fake in the place of the browser's sockets. */
export function fakeSockets(): void {
  FakeSocket.made = [];
  vi.stubGlobal("WebSocket", FakeSocket);
}

/** Say whether somebody looks at the page. */
export function setVisibility(state: "visible" | "hidden"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  vi.spyOn(document, "hidden", "get").mockReturnValue(state === "hidden");
  document.dispatchEvent(new Event("visibilitychange"));
}

/**
 * Note every listener and observer that a page sets up from now on; the returned
 * function takes them away, as a browser does when the visitor leaves.
 */
export function trackPage(): () => void {
  const undo: (() => void)[] = [];
  for (const target of [window, document]) {
    const own = target.addEventListener;
    target.addEventListener = (name: string, listener: EventListener, options = {}) => {
      undo.push(() => target.removeEventListener(name, listener, options));
      own.call(target, name, listener, options);
    };
    undo.push(() => {
      target.addEventListener = own;
    });
  }
  const Native = MutationObserver;
  const watch = (observer: MutationObserver) => undo.push(() => observer.disconnect());
  vi.stubGlobal(
    "MutationObserver",
    class extends Native {
      constructor(callback: MutationCallback) {
        super(callback);
        watch(this);
      }
    },
  );
  undo.push(() => vi.stubGlobal("MutationObserver", Native));
  return () => {
    for (const act of undo.splice(0)) {
      act();
    }
  };
}
