/** The copy by e-mail: offered, never asked for earlier. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { HttpError } from "../../core/http";
import { Icon } from "../../ui/icons";
import { usePanel } from "../context";
import { useWords } from "./words";

/** One field and its button; says where the copy went. */
export function CopyCard() {
  const { chat, state } = usePanel();
  const t = useWords();
  const email = useSignal("");
  const sentTo = useSignal("");
  const problem = useSignal("");
  const code = useSignal("");
  const isCodeDue = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const isAsked = state.isCopyAsked.value;

  useLayoutEffect(() => {
    if (isAsked) {
      input.current?.scrollIntoView({ block: "nearest" });
      input.current?.focus({ preventScroll: true });
    }
  }, [isAsked]);

  const submit = async (event: Event) => {
    event.preventDefault();
    const address = email.value.trim();
    problem.value = "";
    try {
      if (!/^\S+@\S+$/.test(address)) {
        throw new HttpError(400, "invalid", "");
      }
      const { needs_code } = await chat.mailCopy(address, code.value.trim());
      isCodeDue.value = needs_code ?? false;
      sentTo.value = needs_code ? "" : address;
    } catch (error) {
      const isWrong = error instanceof HttpError && !error.isTransient;
      problem.value = isWrong ? error.message || t("copy_invalid") : t("copy_failed");
    }
  };

  return (
    <form class="note-card" onSubmit={submit} noValidate>
      <h3>
        <Icon name="mail" />
        {t("copy_title")}
      </h3>
      {sentTo.value ? (
        <p class="done" role="status">
          <Icon name="check" size={16} />
          <span>{t("copy_done", { email: sentTo.value })}</span>
        </p>
      ) : isCodeDue.value ? (
        <>
          <p role="status">{t("code_sent", { email: email.value.trim() })}</p>
          <div class="tin">
            <input
              class="code"
              inputMode="numeric"
              autocomplete="one-time-code"
              maxLength={6}
              aria-label={t("code_label")}
              aria-invalid={problem.value !== ""}
              value={code.value}
              onInput={(event) => {
                code.value = event.currentTarget.value;
              }}
            />
            <button type="submit" class="btn soft sm">
              {t("code_send")}
            </button>
          </div>
        </>
      ) : (
        <div class="tin">
          <input
            ref={input}
            type="email"
            name="email"
            autocomplete="email"
            maxLength={254}
            aria-label={t("copy_email")}
            aria-invalid={problem.value !== ""}
            placeholder="you@example.com"
            value={email.value}
            onInput={(event) => {
              email.value = event.currentTarget.value;
            }}
          />
          <button type="submit" class="btn soft sm">
            {t("copy_send")}
          </button>
        </div>
      )}
      {problem.value && (
        <p class="bad" role="alert">
          {problem.value}
        </p>
      )}
    </form>
  );
}
