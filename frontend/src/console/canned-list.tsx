/** Canned replies above the composer, as a list that the text field controls. */

import { useEffect, useRef } from "preact/hooks";
import type { CannedReply } from "../protocol";
import { highlight, resolveCanned } from "./canned";
import { useDesk } from "./desk";
import { type Canned, LIST_ID, optionId } from "./use-canned";

export function CannedList({ canned }: { canned: Canned }) {
  const { t } = useDesk();
  return (
    <div class="pop cn">
      <div role="listbox" id={LIST_ID} class="ops" aria-label={t("canned")}>
        {canned.matches.map((reply) => (
          <Option key={reply.id} reply={reply} canned={canned} />
        ))}
      </div>
      <div class="ft" aria-hidden="true">
        <span class="keyhint">
          <kbd class="kbd">↑</kbd> <kbd class="kbd">↓</kbd> {t("choose")}
        </span>
        <span class="keyhint">
          <kbd class="kbd">Enter</kbd> {t("insert")}
        </span>
        <span class="keyhint">
          <kbd class="kbd">Ctrl Enter</kbd> {t("insert_send")}
        </span>
      </div>
    </div>
  );
}

function Option({ reply, canned }: { reply: CannedReply; canned: Canned }) {
  const item = useRef<HTMLDivElement>(null);
  const isChosen = reply === canned.chosen;
  useEffect(() => {
    if (isChosen) {
      item.current?.scrollIntoView({ block: "nearest" });
    }
  }, [isChosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the keyboard
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the text field
    <div
      ref={item}
      role="option"
      class="op"
      id={optionId(reply)}
      aria-selected={isChosen}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => canned.insert(reply)}
    >
      <span class="sc">
        /<Marked text={reply.shortcut} query={canned.wanted} />
        <span class="ti">
          <Marked text={reply.title} query={canned.wanted} />
        </span>
      </span>
      <bdi class="tx">
        <Marked text={resolveCanned(reply.text, canned.vars)} query={canned.wanted} />
      </bdi>
    </div>
  );
}

function Marked({ text, query }: { text: string; query: string }) {
  return (
    <>
      {highlight(text, query).map((piece) =>
        piece.hit ? <mark>{piece.text}</mark> : piece.text,
      )}
    </>
  );
}
