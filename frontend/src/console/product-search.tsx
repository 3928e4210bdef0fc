/** The catalogue over the composer: what can be had first, Enter sends a card. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ProductCard } from "../protocol";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { Popover } from "./popover";
import { productName } from "./shop";
import { Picture } from "./shop-panel";

const LIST = "catalogue";
const PAUSE_MS = 150;

export function ProductSearch({ conv }: { conv: string }) {
  const { shop, t } = useDesk();
  const words = useSignal("");
  const place = useSignal(0);
  const { cards, trouble } = useFound(conv, words.value);
  const chosen = cards[Math.min(place.value, cards.length - 1)];
  const mayOrder = shop.panels.value.get(conv)?.may_order ?? false;
  const close = () => {
    shop.isSearching.value = false;
  };
  const send = async (card: ProductCard) => {
    if (await shop.send(conv, card.product)) {
      close();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && cards.length > 0) {
      place.value = (place.value + step + cards.length) % cards.length;
    } else if (event.key === "Enter" && chosen) {
      void send(chosen);
    } else if (event.ctrlKey && event.code === "KeyI" && chosen && mayOrder) {
      shop.add(conv, chosen.product);
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <Popover class="ps" label={t("product_send")} onClose={close}>
      <div class="ps-h">
        <label class="field grow">
          <Icon name="search" size={16} />
          <input
            type="text"
            role="combobox"
            aria-label={t("product_search")}
            aria-expanded={cards.length > 0}
            aria-controls={LIST}
            aria-activedescendant={chosen ? `${LIST}-${place.value}` : undefined}
            autocomplete="off"
            maxLength={100}
            placeholder={t("product_search")}
            value={words.value}
            onInput={(event) => {
              words.value = event.currentTarget.value;
              place.value = 0;
            }}
            onKeyDown={onKeyDown}
          />
        </label>
      </div>
      <div class="ops" id={LIST} role="listbox" aria-label={t("product_send")}>
        {cards.map((card, number) => (
          <Option
            key={card.product}
            card={card}
            id={`${LIST}-${number}`}
            isChosen={card === chosen}
            onPick={() => void send(card)}
          />
        ))}
      </div>
      {cards.length === 0 && (
        <p class="t13 dim none" role="status">
          {t(trouble ? "shop_failed" : "product_none")}
        </p>
      )}
      <div class="ft" aria-hidden="true">
        <span class="keyhint">
          <kbd class="kbd">Enter</kbd> {t("product_enter")}
        </span>
        {mayOrder && (
          <span class="keyhint">
            <kbd class="kbd">Ctrl I</kbd> {t("product_add")}
          </span>
        )}
      </div>
    </Popover>
  );
}

/** Return what the catalogue has for some words, a moment after they were typed. */
export function useFound(conv: string, words: string) {
  const { shop } = useDesk();
  const cards = useSignal<readonly ProductCard[]>([]);
  const trouble = useSignal("");
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      async () => {
        const found = await shop
          .search(conv, words, abort.signal)
          .catch(() => ({ cards: [], trouble: "failed" }));
        if (!abort.signal.aborted) {
          cards.value = found.cards ?? [];
          trouble.value = found.trouble ?? "";
        }
      },
      words ? PAUSE_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [shop, conv, words, cards, trouble]);
  return { cards: cards.value, trouble: trouble.value };
}

function Option({
  card,
  id,
  isChosen,
  onPick,
}: {
  card: ProductCard;
  id: string;
  isChosen: boolean;
  onPick: () => void;
}) {
  const about = [card.sku, card.stock_text, card.cost].filter(Boolean).join(", ");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keyboard
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field
    <div
      role="option"
      id={id}
      class="op"
      aria-selected={isChosen}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <Picture src={card.image} />
      <span class="grow">
        <bdi class="b t13 trunc">{productName(card)}</bdi>
        <span class={card.stock === "out" ? "t12 bad num" : "t12 dim num"}>
          {about}
        </span>
      </span>
      <b class="num">{card.price}</b>
    </div>
  );
}
