/** What cards of the shop have in common: the bubble's frame, pictures, styles. */

import type { ComponentChildren } from "preact";
import type { Entry } from "../../protocol";
import { Avatar } from "../../ui/avatar";
import { usePanel } from "../context";
import { useStyle } from "../sheet";
import css from "./shop.css?inline";

/** Put the chunk's styles into the panel, once. */
export function useSheet(): void {
  useStyle(css);
}

export function Frame({
  entry,
  time,
  children,
}: {
  entry: Entry;
  time: string;
  children: ComponentChildren;
}) {
  const { settings, state, t } = usePanel();
  const operator = state.cards.value.get(entry.by ?? "");
  const name = operator?.name ?? t("consultant");
  return (
    <li class="m them first shop">
      <span class="vh">
        {name}, {time}
      </span>
      <Avatar
        name={operator?.name ?? settings.shop}
        photo={operator?.photo ?? ""}
        size={28}
      />
      {children}
      <div class="meta" aria-hidden="true">
        <span>
          <bdi>{name.split(/\s+/)[0]}</bdi>, {time}
        </span>
      </div>
    </li>
  );
}

export function Picture({ src }: { src: string | undefined }) {
  const safe = safeUrl(src);
  return safe ? (
    <img class="pimg" src={safe} alt="" loading="lazy" width="76" height="76" />
  ) : (
    <span class="pimg" />
  );
}

/** Return an address that a page may lead to, or nothing. */
export function safeUrl(text: string | undefined): string | null {
  try {
    const url = new URL(text ?? "", location.href);
    return text && /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
