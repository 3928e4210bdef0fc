/** One line of the log that is about the shop. */

import type { Entry } from "../../protocol";
import { usePanel } from "../context";
import { OfferBubble } from "./offer";
import { ProductBubble } from "./product";
import { type Key, useWords } from "./words";

interface Props {
  entry: Entry;
  time: string;
}

export function ShopLine({ entry, time }: Props) {
  switch (entry.kind) {
    case "product":
      return <ProductBubble entry={entry} time={time} />;
    case "offer":
      return <OfferBubble entry={entry} time={time} />;
    case "cart":
      return <CartNews entry={entry} time={time} />;
    default:
      return <News entry={entry} time={time} />;
  }
}

/** What an operator changed in the visitor's cart: never in silence. */
function CartNews({ entry, time }: Props) {
  const { state, t: panel } = usePanel();
  const t = useWords();
  const { title, was, now } = entry.data ?? {};
  const name = state.cards.value.get(entry.by ?? "")?.name.split(/\s+/)[0];
  const isSet = Boolean(was && now);
  const goods = `${String(title)}${!isSet && Number(now) > 1 ? ` × ${Number(now)}` : ""}`;
  const key = isSet ? "shop_cart_set" : was ? "shop_cart_out" : "shop_cart_in";
  const text = t(key, {
    name: name ?? panel("consultant"),
    goods,
    was: Number(was),
    now: Number(now),
  });
  return (
    <li class="sys">
      {text}, {time}
    </li>
  );
}

/** What became of an order, as a quiet line. */
function News({ entry, time }: Props) {
  const t = useWords();
  const { event, number, said, tracking } = entry.data ?? {};
  const key =
    entry.kind === "order" ? `shop_is_${String(event)}` : `shop_${entry.kind}`;
  const text = t(key as Key, { number: String(number ?? "") });
  const more = [entry.kind === "withdrawn" ? "" : said, tracking, time];
  return (
    <li class="sys">
      {[text, ...more].filter((each) => typeof each === "string" && each).join(", ")}
    </li>
  );
}
