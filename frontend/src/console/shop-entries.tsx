/** Product cards, proposed orders and their news in the log. */

import { useEffect } from "preact/hooks";
import { formatTime } from "../core/clock";
import type { Entry } from "../protocol";
import { useDesk } from "./desk";
import { authorName, type Cast } from "./entries";
import { Icon } from "./icons";
import { LINK_REL, shopHref } from "./links";
import { inline } from "./people";
import { productName } from "./shop";
import { Picture } from "./shop-panel";
import type { Key } from "./words";

interface Props {
  entry: Entry;
  cast: Cast;
  conv: string;
}

export function ProductBubble({ entry, cast, conv }: Props) {
  const { shop, t } = useDesk();
  const card = shop.cardOf(conv, entry.seq);
  const { name, said } = words(entry);
  const price = card?.price ?? said;
  return (
    <li class="w o">
      <div class="pcx">
        <Picture src={card?.image} />
        <div class="grow">
          <bdi class="b t13 nm">{card?.name ? productName(card) : name}</bdi>
          <div class="t13 num">
            <b>{price}</b>{" "}
            {card?.was && <s class="dim">{t("card_was", { price: card.was })}</s>}{" "}
            <span class={card?.stock === "out" ? "bad" : "dim"}>
              {card?.gone ? t("card_gone") : card?.stock_text}
            </span>
          </div>
          {(card?.in_cart ?? 0) > 0 && (
            <div class="t12 incart">
              <Icon name="check" size={14} />
              {t("card_in_cart", { n: card?.in_cart ?? 0 })}
            </div>
          )}
          {card?.wished && <div class="t12 dim">{t("card_wished")}</div>}
        </div>
      </div>
      <Meta entry={entry} cast={cast} />
    </li>
  );
}

export function OfferBubble({ entry, cast, conv }: Props) {
  const { shop, state, t } = useDesk();
  const offer = String(entry.data?.offer ?? "");
  const last = state.copy.value?.entries.filter((each) => each.data?.offer === offer);
  const version = last?.length ?? 0;
  useEffect(() => {
    void shop.loadOffer(conv, offer);
  }, [shop, conv, offer, version]);
  const card = shop.offers.value.get(offer);
  const kind = card?.state ?? "proposed";
  const lines = card?.quote?.lines ?? [];
  const href = shopHref(card?.order?.admin_url);
  return (
    <li class="w o">
      <div class="ocx">
        <div class="b t13">
          {card?.order
            ? t("offer_order", { number: inline(card.order.number) })
            : t("offer_title")}{" "}
          <span class={kind === "confirmed" ? "chip sm ok" : "chip sm"}>
            {card?.order?.payment_name || t(`offer_${kind}` as Key)}
          </span>
        </div>
        <ul class="t13">
          {lines.map((line) => (
            <li key={line.product} class="oline">
              <bdi class="trunc">
                {line.quantity} × {line.name}
              </bdi>
              <span class="num">{line.total}</span>
            </li>
          ))}
          {card?.order && <li class="dim">{card.order.goods}</li>}
        </ul>
        <div class="row">
          <b class="num grow">
            {card?.order?.total ?? card?.quote?.total ?? String(entry.text ?? "")}
          </b>
          {href && (
            <a class="t13" href={href} target="_blank" rel={LINK_REL}>
              {t("shop_open_admin")}
            </a>
          )}
          {kind === "proposed" && entry.by === cast.me && (
            <button
              type="button"
              class="link t13"
              onClick={() => void shop.withdraw(conv, offer)}
            >
              {t("offer_withdraw")}
            </button>
          )}
        </div>
      </div>
      <Meta entry={entry} cast={cast} />
    </li>
  );
}

function Meta({ entry, cast }: { entry: Entry; cast: Cast }) {
  const { lang, t } = useDesk();
  const name = authorName(entry, cast, t);
  return (
    <div class="mt num">{t("meta", { name, time: formatTime(entry.at, lang) })}</div>
  );
}

function words(entry: Entry): { name: string; said: string } {
  const { name, said } = entry.data ?? {};
  return { name: String(name ?? ""), said: String(said ?? "") };
}
