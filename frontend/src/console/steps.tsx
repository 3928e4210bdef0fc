/** How many pieces, one less and one more. */

import { useDesk } from "./desk";

export function Steps({
  name,
  quantity,
  onChange,
}: {
  name: string;
  quantity: number;
  onChange: (quantity: number) => void;
}) {
  const { t } = useDesk();
  return (
    <span class="steps">
      <button
        type="button"
        class="ib sm"
        aria-label={t("order_less", { name })}
        onClick={() => onChange(quantity - 1)}
      >
        −
      </button>
      <span class="num">{quantity}</span>
      <button
        type="button"
        class="ib sm"
        aria-label={t("order_more", { name })}
        onClick={() => onChange(quantity + 1)}
      >
        +
      </button>
    </span>
  );
}
