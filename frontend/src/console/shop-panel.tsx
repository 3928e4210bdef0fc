/** The shop's blocks beside a dialog: customer, cart, orders. Absent where empty. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CartPanel, CustomerPanel, OrderRow, ShopPanel } from "../protocol";
import { CartEdit, useMayChange } from "./cart-edit";
import { useDesk } from "./desk";
import { Icon } from "./icons";
import { LINK_REL, shopHref } from "./links";
import { OrderForm } from "./order-form";
import { shortDay } from "./when";

export function ShopBlocks({ conv }: { conv: string }) {
  const { shop, state } = useDesk();
  const last = state.copy.value?.entries.at(-1);
  const news = last && /^order/.test(last.kind) ? last.seq : 0;
  useEffect(() => {
    void shop.refresh(conv);
  }, [shop, conv, news]);
  const panel = shop.panels.value.get(conv);
  return panel ? (
    <>
      {panel.customer && <Customer customer={panel.customer} />}
      <Cart conv={conv} panel={panel} />
      <Orders panel={panel} />
    </>
  ) : null;
}

function Trouble({ of }: { of: string | undefined }) {
  const { t } = useDesk();
  return of ? (
    <p class="t13 trouble" role="status">
      <Icon name="alert" size={14} />
      {t(of === "slow" ? "shop_slow" : "shop_failed")}
    </p>
  ) : null;
}

function Customer({ customer }: { customer: CustomerPanel }) {
  const { lang, t } = useDesk();
  const { since = 0, facts = [] } = customer;
  const rows: [string, string][] = [
    [t("shop_name"), customer.name ?? ""],
    [t("shop_email"), customer.email ?? ""],
    [t("shop_phone"), customer.phone ?? ""],
    [t("shop_group"), customer.group_name ?? ""],
    [t("shop_since"), since ? shortDay(since, lang) : ""],
    [t("shop_spent"), customer.spent ?? ""],
    [t("shop_debt"), customer.debt ?? ""],
    ...facts,
  ];
  const known = rows.filter(([, value]) => value);
  return known.length > 0 ? (
    <div class="blk">
      <h3>
        {t("shop_customer")}
        <AdminLink href={customer.admin_url} />
      </h3>
      <dl class="kvw">
        {known.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  ) : null;
}

function AdminLink({ href }: { href: string | undefined }) {
  const { t } = useDesk();
  const safe = shopHref(href);
  return safe ? (
    <a class="r" href={safe} target="_blank" rel={LINK_REL}>
      {t("shop_open_admin")}
    </a>
  ) : null;
}

function Cart({ conv, panel }: { conv: string; panel: ShopPanel }) {
  const { shop, t } = useDesk();
  const { cart } = panel;
  const trouble = panel.troubles?.cart;
  const isEditing = useSignal(false);
  const mayChange = useMayChange(panel) && !trouble;
  if (!cart && !trouble && !panel.may_order && !mayChange) {
    return null;
  }
  const lines = cart?.lines ?? [];
  const hasBasket = shop.baskets.value.has(conv);
  const begin = () =>
    shop.put(conv, {
      lines: lines.map(({ product, quantity }) => ({ product, quantity })),
      delivery: panel.deliveries?.[0]?.code ?? "",
    });
  return (
    <div class="blk cart">
      <h3>
        {t("shop_cart")}
        {lines.length > 0 && <b class="r num">{cart?.total}</b>}
      </h3>
      <Trouble of={trouble} />
      {!trouble && lines.length === 0 && <p class="t13 dim">{t("shop_cart_empty")}</p>}
      <ul aria-live="polite">
        {cart && <Lines cart={cart} isEdited={mayChange && isEditing.value} />}
      </ul>
      {mayChange && !isEditing.value && (
        <button
          type="button"
          class="btn sec sm wide"
          onClick={() => {
            isEditing.value = true;
          }}
        >
          {t("cart_change")}
        </button>
      )}
      {mayChange && isEditing.value && (
        <CartEdit
          conv={conv}
          panel={panel}
          onDone={() => {
            isEditing.value = false;
          }}
        />
      )}
      {panel.may_order && !hasBasket && (
        <button type="button" class="btn soft sm wide" onClick={begin}>
          {t("order_build")}
        </button>
      )}
      {hasBasket && <OrderForm conv={conv} panel={panel} />}
    </div>
  );
}

/** The cart line by line; while it is edited, the form has the lines. */
function Lines({ cart, isEdited }: { cart: CartPanel; isEdited: boolean }) {
  const { t } = useDesk();
  const { lines = [], discount, note } = cart;
  return (
    <>
      {(isEdited ? [] : lines).map((line) => (
        <li key={line.product} class="it">
          <Picture src={line.image} />
          <span class="trunc" title={line.stock_text}>
            <bdi>{line.name}</bdi>
            {line.variant ? `, ${line.variant}` : ""}
            {line.quantity > 1 && <span class="dim"> × {line.quantity}</span>}
            {line.stock === "out" && <span class="bad"> {line.stock_text}</span>}
          </span>
          <span class="num">{line.total}</span>
        </li>
      ))}
      {discount && (
        <li class="it sum">
          <span>{t("shop_discount")}</span>
          <span class="num">−{discount}</span>
        </li>
      )}
      {note && <li class="t12 dim">{note}</li>}
    </>
  );
}

export function Picture({ src }: { src: string | undefined }) {
  const safe = shopHref(src);
  return safe ? (
    <img class="pimg" src={safe} alt="" loading="lazy" />
  ) : (
    <span class="pimg" />
  );
}

const TONES: Readonly<Record<string, string>> = {
  delivered: "ok",
  cancelled: "bad",
  returned: "bad",
};

function Orders({ panel }: { panel: ShopPanel }) {
  const { t } = useDesk();
  const { orders = [] } = panel;
  const trouble = panel.troubles?.orders;
  return orders.length > 0 || trouble ? (
    <div class="blk">
      <h3>
        {t("shop_orders")} <span class="r num">{orders.length}</span>
      </h3>
      <Trouble of={trouble} />
      <ul>
        {orders.map((order) => (
          <Order key={order.reference} order={order} />
        ))}
      </ul>
    </div>
  ) : null;
}

function Order({ order }: { order: OrderRow }) {
  const { lang } = useDesk();
  const href = shopHref(order.admin_url);
  const number = <bdi>{order.number}</bdi>;
  const about = [order.goods, order.delivery_name, order.tracking].filter(Boolean);
  return (
    <li class="ord num" title={about.join("\n")}>
      <span class="trunc">
        {href ? (
          <a href={href} target="_blank" rel={LINK_REL}>
            {number}
          </a>
        ) : (
          number
        )}{" "}
        <span class="dim">
          {order.placed_at ? shortDay(order.placed_at, lang) : ""}
        </span>
      </span>
      <span class={`chip sm ${TONES[order.progress ?? ""] ?? ""}`}>
        {order.status_name}
      </span>
      <span>{order.total}</span>
      {order.payment_name && <span class="t12 dim pay">{order.payment_name}</span>}
    </li>
  );
}
