/** Brings what the visitor gave to the server: a contact, and the letter itself. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { HttpError } from "../../core/http";
import { makeId } from "../../core/ids";
import type { Entry } from "../../protocol";
import { usePanel } from "../context";

/** A moment without anybody may be a reconnect: the thread waits it out. */
const PATIENCE_MS = 5_000;
const AGAIN_MS = 15_000;

/** Return the contact that an entry names. */
export function contactOf(entry: Entry | undefined): string {
  const { contact } = entry?.data ?? {};
  return typeof contact === "string" ? contact : "";
}

/** Send a contact that was given until ``latest`` names it; return whether it failed. */
export function useContactSent(
  name: "letter" | "contact",
  latest: Entry | undefined,
): boolean {
  const { state, chat } = usePanel();
  const { given, isContactOpen } = state;
  const tries = useSignal(0);
  const isFailing = useSignal(false);
  const contact = given.value;
  const conv = state.copy.value?.conv;
  const isDone = contact !== "" && contactOf(latest) === contact;

  useEffect(() => {
    if (isDone) {
      given.value = "";
      isFailing.value = false;
    }
  }, [isDone]);
  // One press is one key, however often it has to be sent.
  const key = useSignal("");
  useEffect(() => {
    key.value = makeId();
    tries.value = 0;
  }, [contact]);
  useEffect(() => {
    if (!contact || !conv || isDone || state.entries.value.length === 0) {
      return;
    }
    const send = () =>
      chat.leave(name, contact, key.value).then(
        () => {
          isFailing.value = false;
        },
        (error: unknown) => {
          isFailing.value = true;
          isContactOpen.value = true;
          if (error instanceof HttpError && error.isTransient) {
            tries.value += 1;
          } else {
            given.value = "";
          }
        },
      );
    const timer = setTimeout(() => void send(), tries.value && AGAIN_MS);
    return () => clearTimeout(timer);
  }, [contact, conv, isDone, tries.value, state.entries.value.length > 0]);
  return isFailing.value;
}

/** Make a thread without anybody a letter by itself, whatever was given or not. */
export function useLetter(letter: Entry | undefined): void {
  const { state, chat } = usePanel();
  const tries = useSignal(0);
  const messages = state.entries.value.filter((each) => each.kind === "message");
  const question = messages.at(-1);
  const isWanted = !letter && !state.given.value && question?.author === "visitor";
  useEffect(() => {
    if (!isWanted || !question) {
      return;
    }
    const pause = tries.value ? AGAIN_MS : PATIENCE_MS;
    const timer = setTimeout(() => {
      // Made of the words it is about: sent twice, it is one letter.
      const key = [...question.cmid].reverse().join("");
      chat.leave("letter", "", key).catch(() => {
        tries.value += 1;
      });
    }, pause);
    return () => clearTimeout(timer);
  }, [question?.cmid, isWanted, tries.value]);
}
