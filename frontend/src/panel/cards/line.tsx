/** One line of the log that is about the shop. */

import type { Entry } from "../../protocol";
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
    default:
      return <News entry={entry} time={time} />;
  }
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
