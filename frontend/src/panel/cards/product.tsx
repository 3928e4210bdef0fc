/** A product card: price and stock of now, and the way into the shop's own cart. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { HttpError } from "../../core/http";
import type { CartAnswer, Entry, ProductCard } from "../../protocol";
import { Icon } from "../../ui/icons";
import { usePanel } from "../context";
import { askCard, csrf } from "./cards";
import { Frame, Picture, safeUrl, useSheet } from "./frame";
import { WishButton } from "./wish";
import { useWords } from "./words";

export function ProductBubble({ entry, time }: { entry: Entry; time: string }) {
  const { chat, state } = usePanel();
  const t = useWords();
  const card = useSignal<ProductCard | null | undefined>(undefined);
  const isOpen = state.isOpen.value;
  useSheet();
  const ask = () =>
    askCard(chat, entry.seq, (found) => {
      card.value = found;
    });
  const news = state.entries.value.filter(
    ({ kind, data }) => kind === "auto" && data?.product === entry.data?.product,
  ).length;
  // Whoever comes back to the panel sees the price of now.
  useEffect(() => {
    if (isOpen) {
      ask();
    }
  }, [isOpen, entry.seq, news]);
  const now = card.value;
  const data = entry.data ?? {};
  const name = now?.name
    ? [now.name, now.variant].filter(Boolean).join(", ")
    : String(data.name ?? "");
  return (
    <Frame entry={entry} time={time}>
      <div class="pc">
        <div class="top">
          <Picture src={now?.image} />
          <div>
            <h3>
              <bdi>{name}</bdi>
            </h3>
            <div class="pr">
              {now?.price || String(data.said ?? "")}
              {now?.old_price && <s>{now.old_price}</s>}
            </div>
            {now && <Stock card={now} />}
          </div>
        </div>
        {now?.was && <p class="why">{t("shop_was", { price: now.was })}</p>}
        {now === null && (
          <p class="why">
            {t("shop_failed")}{" "}
            <button type="button" class="again" onClick={ask}>
              {t("shop_try")}
            </button>
          </p>
        )}
        {now && !now.gone && <Buttons card={now} onChange={ask} />}
      </div>
    </Frame>
  );
}

function Stock({ card }: { card: ProductCard }) {
  const t = useWords();
  const isOut = card.gone || card.stock === "out";
  const text = card.gone ? t("shop_gone") : card.stock_text;
  return text ? (
    <div class={isOut ? "stock out" : "stock"}>
      {!isOut && <Icon name="check" size={14} />}
      {text}
    </div>
  ) : null;
}

function Buttons({ card, onChange }: { card: ProductCard; onChange: () => void }) {
  const { chat } = usePanel();
  const t = useWords();
  const isBusy = useSignal(false);
  const added = useSignal<CartAnswer | null>(null);
  const problem = useSignal("");
  const inCart = added.value?.in_cart ?? card.in_cart ?? 0;
  const cart = safeUrl(added.value?.cart_url || card.cart_url);
  const view = safeUrl(card.url);
  const add = async () => {
    isBusy.value = true;
    problem.value = "";
    try {
      const body = { seq: card.seq ?? 0, quantity: 1 };
      added.value = await chat.shop<CartAnswer>("cart/", body, csrf.token);
      dispatchEvent(new Event("chatdesk:cart"));
    } catch (error) {
      problem.value = (error instanceof HttpError && error.message) || t("shop_failed");
      onChange();
    }
    isBusy.value = false;
  };
  return (
    <>
      <div class="acts">
        {card.stock === "out" && inCart === 0 ? (
          <WishButton
            card={card}
            onChange={onChange}
            onProblem={(text) => {
              problem.value = text;
            }}
          />
        ) : (
          <AddButton
            inCart={inCart}
            cart={cart}
            isBusy={isBusy.value}
            onAdd={() => void add()}
          />
        )}
        {view && (
          <a class="btn sec sm" href={view}>
            {t("shop_view")}
          </a>
        )}
      </div>
      <p class="why" role="status">
        {problem.value || added.value?.text || (card.wished ? t("shop_wish_here") : "")}
      </p>
    </>
  );
}

interface AddProps {
  inCart: number;
  cart: string | null;
  isBusy: boolean;
  onAdd: () => void;
}

/** Into the cart; then the way to it. */
function AddButton({ inCart, cart, isBusy, onAdd }: AddProps) {
  const t = useWords();
  if (inCart > 0 && cart) {
    return (
      <a class="btn soft sm" href={cart}>
        {t("shop_added")} <Icon name="check" size={14} />
      </a>
    );
  }
  const text = inCart > 0 ? "shop_added" : "shop_add";
  return (
    <button
      type="button"
      class="btn pri sm"
      disabled={isBusy || inCart > 0}
      onClick={onAdd}
    >
      {t(isBusy ? "shop_adding" : text)}
    </button>
  );
}
