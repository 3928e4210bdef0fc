/** A sold out product: the visitor may ask to be told when it is there again. */

import { useSignal } from "@preact/signals";
import { HttpError } from "../../core/http";
import type { Done, ProductCard } from "../../protocol";
import { usePanel } from "../context";
import { useWords } from "./words";

interface Props {
  card: ProductCard;
  onChange: () => void;
  onProblem: (text: string) => void;
}

export function WishButton({ card, onChange, onProblem }: Props) {
  const { chat } = usePanel();
  const t = useWords();
  const isBusy = useSignal(false);
  const wish = async () => {
    isBusy.value = true;
    try {
      await chat.shop<Done>("wishes/", { seq: card.seq ?? 0 });
      onProblem("");
    } catch (error) {
      onProblem((error instanceof HttpError && error.message) || t("shop_failed"));
    }
    onChange();
    isBusy.value = false;
  };
  return (
    <button
      type="button"
      class="btn pri sm"
      disabled={isBusy.value || card.wished}
      onClick={() => void wish()}
    >
      {t(card.wished ? "shop_wished" : "shop_wish")}
    </button>
  );
}
