/** An order that an operator proposes: what it costs now, and the visitor's yes. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { HttpError } from "../../core/http";
import type { Entry, Field, OfferCard, OrderRow, QuoteAnswer } from "../../protocol";
import { Icon } from "../../ui/icons";
import { usePanel } from "../context";
import { Frame, safeUrl, useSheet } from "./frame";
import { useWords } from "./words";

export function OfferBubble({ entry, time }: { entry: Entry; time: string }) {
  const { chat, state } = usePanel();
  const t = useWords();
  const card = useSignal<OfferCard | null>(null);
  const problem = useSignal("");
  const id = String(entry.data?.offer ?? "");
  const news = state.entries.value.filter(
    ({ kind, data }) => kind === "order" || data?.offer === id,
  ).length;
  useSheet();
  const load = async () => {
    try {
      card.value = await chat.shop<OfferCard>(`offers/${id}/`);
    } catch {
      problem.value = t("shop_failed");
    }
  };
  useEffect(() => {
    void load();
  }, [id, news, state.isOpen.value]);
  const confirm = async (amount: string, details: Record<string, string>) => {
    problem.value = "";
    try {
      const path = `offers/${id}/confirm/`;
      const token = card.value?.token ?? "";
      card.value = await chat.shop<OfferCard>(path, { amount, details }, token);
    } catch (error) {
      problem.value = (error instanceof HttpError && error.message) || t("shop_failed");
      await load();
    }
  };
  const { order, quote, state: kind, fields = [], trouble } = card.value ?? {};
  return (
    <Frame entry={entry} time={time}>
      <div class="pc oc">
        <h3>{order ? t("shop_order", { number: order.number }) : t("shop_offer")}</h3>
        {quote && <Goods quote={quote} />}
        {order && <Made order={order} />}
        {kind === "withdrawn" && <p>{t("shop_withdrawn")}</p>}
        {trouble && <p class="why">{t("shop_failed")}</p>}
        {problem.value && (
          <p class="why" role="alert">
            {problem.value}
          </p>
        )}
        {quote && kind === "proposed" && (
          <Yes quote={quote} fields={fields} onYes={confirm} />
        )}
      </div>
    </Frame>
  );
}

function Goods({ quote }: { quote: QuoteAnswer }) {
  const t = useWords();
  const sums: [string, string | undefined][] = [
    [t("shop_discount"), quote.discount && `−${quote.discount}`],
    [quote.delivery_name || t("shop_delivery"), quote.delivery],
    [t("shop_total"), quote.total],
  ];
  return (
    <dl class="sum">
      {(quote.lines ?? []).map((line) => (
        <div key={line.product}>
          <dt>
            {line.quantity} × <bdi>{line.name}</bdi> {line.variant}
          </dt>
          <dd>{line.total}</dd>
        </div>
      ))}
      {sums.map(([label, sum]) =>
        sum ? (
          <div key={label} class="s">
            <dt>{label}</dt>
            <dd>{sum}</dd>
          </div>
        ) : null,
      )}
      {(quote.problems ?? []).map((text) => (
        <div key={text} class="why">
          {text}
        </div>
      ))}
    </dl>
  );
}

function Made({ order }: { order: OrderRow }) {
  const t = useWords();
  const [page, pay] = [safeUrl(order.url), safeUrl(order.pay_url)];
  const isPaid = order.payment !== "unpaid";
  const total = order.total ?? "";
  return (
    <>
      <p>{order.goods}</p>
      <p class="pr">{total}</p>
      <p class="stock">
        {isPaid && <Icon name="check" size={14} />}
        {[order.payment_name, order.status_name].filter(Boolean).join(", ")}
      </p>
      <div class="acts">
        {pay && !isPaid && (
          <a class="btn pri sm" href={pay}>
            {t("shop_pay", { total })}
          </a>
        )}
        {page && (
          <a class="btn sec sm" href={page}>
            {t("shop_open")}
          </a>
        )}
      </div>
    </>
  );
}

function Yes({
  quote,
  fields,
  onYes,
}: {
  quote: QuoteAnswer;
  fields: readonly Field[];
  onYes: (amount: string, details: Record<string, string>) => Promise<void>;
}) {
  const t = useWords();
  const isBusy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const details: Record<string, string> = {};
    form.forEach((value, name) => {
      details[name] = String(value);
    });
    isBusy.value = true;
    await onYes(quote.amount ?? "", details);
    isBusy.value = false;
  };
  return (
    <form onSubmit={(event) => void submit(event as SubmitEvent)}>
      {fields.length > 0 && (
        <fieldset>
          <legend>{t("shop_details")}</legend>
          {fields.map((field) => (
            <OneField key={field.name} field={field} />
          ))}
        </fieldset>
      )}
      <button
        type="submit"
        class="btn pri wide"
        disabled={isBusy.value || (quote.problems ?? []).length > 0}
      >
        {t("shop_confirm", { total: quote.total ?? "" })}
      </button>
    </form>
  );
}

/** How browsers know what belongs there. */
const TOKENS: Readonly<Record<string, string>> = {
  email: "email",
  name: "name",
  phone: "tel",
  country: "country",
  address: "street-address",
  postcode: "postal-code",
  city: "address-level2",
};

function OneField({ field }: { field: Field }) {
  const { name, label, value = "", choices = [], required = true } = field;
  const id = `cd-order-${name}`;
  return (
    <p class="f">
      <label for={id}>{label}</label>
      {choices.length > 0 ? (
        <select id={id} name={name} value={value} required={required}>
          {choices.map(([code, text]) => (
            <option key={code} value={code}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          name={name}
          value={value}
          type="text"
          inputMode={name === "email" ? "email" : "text"}
          autocomplete={TOKENS[name] ?? "off"}
          maxLength={200}
        />
      )}
    </p>
  );
}
