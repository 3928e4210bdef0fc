/** Putting an order together: lines from the cart and the catalogue, a delivery. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { HttpError } from "../core/http";
import type { CartRow, QuoteAnswer, ShopPanel } from "../protocol";
import { useDesk } from "./desk";
import { type Basket, productName } from "./shop";
import { standingOf } from "./state";
import { Steps } from "./steps";

const PAUSE_MS = 200;

export function OrderForm({ conv, panel }: { conv: string; panel: ShopPanel }) {
  const { shop, state, t } = useDesk();
  const basket = shop.baskets.value.get(conv) ?? { lines: [], delivery: "" };
  const quote = useQuote(conv, basket);
  const isBusy = useSignal(false);
  const row = state.row.value;
  const isMine = row !== null && standingOf(row, state.me.id) === "mine";
  const found = quote.value;
  const problems = found?.problems ?? [];
  const canSend = isMine && found && problems.length === 0 && !isBusy.value;
  const propose = async () => {
    isBusy.value = true;
    await shop.propose(conv, basket);
    isBusy.value = false;
  };
  return (
    <fieldset class="oform">
      <legend>{t("order_title")}</legend>
      {basket.lines.length === 0 && <p class="t13 dim">{t("order_empty")}</p>}
      <ul>
        {basket.lines.map((line) => (
          <Line
            key={line.product}
            line={found?.lines?.find((each) => each.product === line.product)}
            product={line.product}
            quantity={line.quantity ?? 1}
            onChange={(quantity) =>
              shop.put(conv, withLine(basket, line.product, quantity))
            }
          />
        ))}
      </ul>
      <Delivery panel={panel} conv={conv} basket={basket} />
      {found && <Sums quote={found} />}
      {problems.map((problem) => (
        <p key={problem} class="bad t13" role="alert">
          {problem}
        </p>
      ))}
      <div class="row">
        <button
          type="button"
          class="btn pri sm grow"
          disabled={!canSend}
          onClick={() => void propose()}
        >
          {t("order_propose")}
        </button>
        <button type="button" class="btn sec sm" onClick={() => shop.put(conv, null)}>
          {t("cancel")}
        </button>
      </div>
    </fieldset>
  );
}

/** Return what the shop asks for the basket, a moment after it was changed last. */
function useQuote(conv: string, basket: Basket) {
  const { shop, t } = useDesk();
  const quote = useSignal<QuoteAnswer | null>(null);
  useEffect(() => {
    if (basket.lines.length === 0) {
      quote.value = null;
      return;
    }
    let isWanted = true;
    const timer = setTimeout(async () => {
      const found = await shop.quote(conv, basket).catch((error: unknown) => ({
        problems: [(error instanceof HttpError && error.message) || t("err_other")],
      }));
      if (isWanted) {
        quote.value = found;
      }
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [shop, conv, basket, quote, t]);
  return quote;
}

function withLine(basket: Basket, product: string, quantity: number): Basket {
  const lines = basket.lines
    .map((line) => (line.product === product ? { ...line, quantity } : line))
    .filter((line) => (line.quantity ?? 1) > 0);
  return { ...basket, lines };
}

function Line({
  line,
  product,
  quantity,
  onChange,
}: {
  line: CartRow | undefined;
  product: string;
  quantity: number;
  onChange: (quantity: number) => void;
}) {
  const name = line ? productName(line) : product;
  return (
    <li class="oline">
      <bdi class="trunc">{name}</bdi>
      <span class="num dim">{line?.total}</span>
      <Steps name={name} quantity={quantity} onChange={onChange} />
    </li>
  );
}

function Delivery({
  panel,
  conv,
  basket,
}: {
  panel: ShopPanel;
  conv: string;
  basket: Basket;
}) {
  const { shop, t } = useDesk();
  const { deliveries = [] } = panel;
  return deliveries.length > 0 ? (
    <label class="odel">
      <span class="t12 dim">{t("order_delivery")}</span>
      <select
        value={basket.delivery}
        onChange={(event) =>
          shop.put(conv, { ...basket, delivery: event.currentTarget.value })
        }
      >
        {deliveries.map((way) => (
          <option key={way.code} value={way.code}>
            {way.name} {way.price}
          </option>
        ))}
      </select>
    </label>
  ) : null;
}

function Sums({ quote }: { quote: QuoteAnswer }) {
  const { t } = useDesk();
  return (
    <dl class="sums num">
      {quote.discount && (
        <div>
          <dt>{t("shop_discount")}</dt>
          <dd>−{quote.discount}</dd>
        </div>
      )}
      {quote.delivery && (
        <div>
          <dt>{t("order_delivery")}</dt>
          <dd>{quote.delivery}</dd>
        </div>
      )}
      <div class="b">
        <dt>{t("order_total")}</dt>
        <dd>{quote.total}</dd>
      </div>
    </dl>
  );
}
