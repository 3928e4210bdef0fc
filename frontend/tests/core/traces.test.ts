import { describe, expect, test } from "vitest";
import {
  apply,
  type ConversationState,
  emptyConversation,
  type LogFrame,
  noteHead,
} from "../../src/core/store";

interface Files {
  readdirSync(folder: string): string[];
  readFileSync(path: string, encoding: string): string;
}

interface Head {
  type: "head";
  head: number;
}

// What clients were sent while servers were being killed; tests/faults replays them too.
const FOLDER = "../tests/faults/traces/";
// By a name in a variable, because nothing else in the front end needs Node's types.
const NODE_FILES = "node:fs";
const files: Files = await import(/* @vite-ignore */ NODE_FILES);
const traces = files
  .readdirSync(FOLDER)
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => [name, files.readFileSync(FOLDER + name, "utf-8")] as const);

function step(state: ConversationState, frame: LogFrame | Head): ConversationState {
  return frame.type === "head" ? noteHead(state, frame.head) : apply(state, frame);
}

describe("a recorded trace", () => {
  test("is there", () => {
    expect(traces.length).toBeGreaterThan(2);
  });

  test.each(traces)("leads to the copy on record: %s", (_, text) => {
    const lines = text.trim().split("\n");
    const [first, ...frames] = lines.map((line) => JSON.parse(line));
    const { type: _end, ...expected } = frames.pop();
    const state: ConversationState = frames.reduce(step, emptyConversation(first.conv));
    const { epoch, cursor, head, synced, gone, marks } = state;
    const entries = state.entries.map(({ seq, cmid, text: said = "" }) => [
      seq,
      cmid,
      said,
    ]);
    expect({ epoch, cursor, head, synced, gone, marks, entries }).toEqual(expected);
  });
});
