/** The visitor's cart in the operator's hands: the thread says whatever he changes. */

import { useSignal } from "@preact/signals";
import type { CartRow, ProductCard, ShopPanel } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { useFound } from "./product-search";
import { productName } from "./shop";
import { standingOf } from "./state";
import { Steps } from "./steps";

const MOST_FOUND = 5;

/** Whether the cart of the open dialog may be changed by who sits here. */
export function useMayChange(panel: ShopPanel): boolean {
  const { state } = useDesk();
  const row = state.row.value;
  const isOpen = row !== null && row.status !== "closed";
  const leads = isOpen && standingOf(row, state.me.id) === "mine";
  return Boolean(panel.may_change) && isOpen && (leads || state.isManager);
}

export function CartEdit({
  conv,
  panel,
  onDone,
}: {
  conv: string;
  panel: ShopPanel;
  onDone: () => void;
}) {
  const { shop, t } = useDesk();
  const isBusy = useSignal(false);
  const lines = panel.cart?.lines ?? [];
  const held = (product: string) =>
    lines.find((line) => line.product === product)?.quantity ?? 0;
  const set = async (product: string, quantity: number) => {
    isBusy.value = true;
    await shop.change(conv, product, held(product), quantity);
    isBusy.value = false;
  };
  return (
    <fieldset class="oform" disabled={isBusy.value}>
      <legend>{t("cart_change")}</legend>
      <ul>
        {lines.map((line) => (
          <Line key={line.product} line={line} onSet={set} />
        ))}
      </ul>
      <Add conv={conv} onPick={({ product }) => set(product, held(product) + 1)} />
      <p class="t12 dim">{t("cart_told")}</p>
      <button type="button" class="btn sec sm" onClick={onDone}>
        {t("cart_done")}
      </button>
    </fieldset>
  );
}

function Line({
  line,
  onSet,
}: {
  line: CartRow;
  onSet: (product: string, quantity: number) => Promise<void>;
}) {
  const { t } = useDesk();
  const { product, quantity } = line;
  const name = productName(line);
  return (
    <li class="oline">
      <bdi class="trunc" title={name}>
        {name}
      </bdi>
      <Steps
        name={name}
        quantity={quantity}
        onChange={(wanted) => void onSet(product, wanted)}
      />
      <button
        type="button"
        class="ib sm"
        aria-label={t("cart_remove", { name })}
        onClick={() => void onSet(product, 0)}
      >
        <Icon name="cross" size={14} />
      </button>
    </li>
  );
}

function Add({
  conv,
  onPick,
}: {
  conv: string;
  onPick: (card: ProductCard) => Promise<void>;
}) {
  const { t } = useDesk();
  const words = useSignal("");
  return (
    <>
      <label class="field">
        <Icon name="search" size={16} />
        <input
          type="text"
          aria-label={t("cart_add")}
          autocomplete="off"
          maxLength={100}
          placeholder={t("cart_add")}
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
          }}
        />
      </label>
      {words.value.trim() && (
        <Found
          conv={conv}
          words={words.value}
          onPick={(card) => {
            words.value = "";
            void onPick(card);
          }}
        />
      )}
    </>
  );
}

function Found({
  conv,
  words,
  onPick,
}: {
  conv: string;
  words: string;
  onPick: (card: ProductCard) => void;
}) {
  const { t } = useDesk();
  const { cards, trouble } = useFound(conv, words);
  return (
    <ul class="found" aria-live="polite">
      {cards.slice(0, MOST_FOUND).map((card) => (
        <li key={card.product}>
          <button type="button" class="oline" onClick={() => onPick(card)}>
            <bdi class="trunc">{productName(card)}</bdi>
            <span class={card.stock === "out" ? "t12 bad" : "t12 dim"}>
              {card.stock === "out" ? card.stock_text : ""}
            </span>
            <b class="num">{card.price}</b>
          </button>
        </li>
      ))}
      {cards.length === 0 && (
        <li class="t13 dim">{t(trouble ? "shop_failed" : "product_none")}</li>
      )}
    </ul>
  );
}
