/** What the workspace asks the shop for: panel, cards, catalogue, proposed orders. */

import { type Signal, signal } from "@preact/signals";
import { type Http, HttpError } from "../core/http";
import { makeId } from "../core/ids";
import type {
  Cards,
  OfferCard,
  OfferLine,
  ProductCard,
  QuoteAnswer,
  Sent,
  ShopPanel,
} from "../protocol";
import { withEntry } from "./state";
import type { Toasts } from "./toasts";
import type { Words } from "./words";

/** An order that is being put together for a dialog; not proposed yet. */
export interface Basket {
  readonly lines: readonly OfferLine[];
  readonly delivery: string;
}

/** What a product is called, the kind that was chosen included. */
export function productName(product: Pick<ProductCard, "name" | "variant">): string {
  return [product.name, product.variant].filter(Boolean).join(", ");
}

interface Needs {
  http: Http;
  toasts: Toasts;
  t: Words;
}

type Shelf<V> = Signal<ReadonlyMap<string, V>>;

/** A cart may change line by line: the shop is asked once for a handful of changes. */
const SETTLE_MS = 120;

export class Shop {
  readonly panels: Shelf<ShopPanel> = signal(new Map());
  readonly cards: Shelf<ProductCard> = signal(new Map());
  readonly offers: Shelf<OfferCard> = signal(new Map());
  readonly baskets: Shelf<Basket> = signal(new Map());
  /** Whether the catalogue is open over the composer. */
  readonly isSearching = signal(false);
  private readonly due = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly wanted = new Map<string, Set<number>>();

  constructor(private readonly needs: Needs) {}

  /** Ask the shop anew about the visitor of a dialog. */
  async refresh(conv: string): Promise<void> {
    const panel = await this.needs.http
      .get<ShopPanel>(`${pathOf(conv)}shop/`)
      .catch(() => null);
    if (panel) {
      this.panels.value = withEntry(this.panels.peek(), conv, panel);
    }
  }

  /** Take the word that a cart changed: what it holds now is the shop's to say. */
  hearCart(conv: string): void {
    clearTimeout(this.due.get(conv));
    const ask = () => {
      void this.refresh(conv);
      this.refreshCards(conv);
    };
    this.due.set(conv, setTimeout(ask, SETTLE_MS));
  }

  /** Return the card of an entry as the shop last drew it; asks for it once. */
  cardOf(conv: string, seq: number): ProductCard | undefined {
    const known = this.cards.value.get(`${conv}/${seq}`);
    const seqs = this.wanted.get(conv) ?? new Set();
    if (!seqs.has(seq)) {
      this.wanted.set(conv, seqs.add(seq));
      this.hearCart(conv);
    }
    return known;
  }

  /** Return a proposed order as it stands; ``version`` asks for it anew. */
  async loadOffer(conv: string, offer: string): Promise<void> {
    const card = await this.needs.http
      .get<OfferCard>(`${pathOf(conv)}offers/${offer}/`)
      .catch(() => null);
    if (card) {
      this.offers.value = withEntry(this.offers.peek(), offer, card);
    }
  }

  search(conv: string, words: string, abort: AbortSignal): Promise<Cards> {
    const path = `${pathOf(conv)}catalogue/?q=${encodeURIComponent(words)}`;
    return this.needs.http.get<Cards>(path, { signal: abort });
  }

  /** Send a product card; tell whether it went. */
  send(conv: string, product: string): Promise<boolean> {
    return this.act<Sent>(`${pathOf(conv)}products/`, { product });
  }

  add(conv: string, product: string): void {
    const basket = this.baskets.peek().get(conv) ?? { lines: [], delivery: "" };
    const known = basket.lines.find((line) => line.product === product);
    const lines = known
      ? basket.lines.map((line) =>
          line === known ? { ...line, quantity: (line.quantity ?? 1) + 1 } : line,
        )
      : [...basket.lines, { product, quantity: 1 }];
    this.put(conv, { ...basket, lines });
  }

  /** Set how many pieces the visitor's cart holds; ``was`` is how many it showed. */
  async change(conv: string, product: string, was: number, quantity: number) {
    await this.act<Sent>(`${pathOf(conv)}cart/`, { product, was, quantity });
    await this.refresh(conv);
  }

  put(conv: string, basket: Basket | null): void {
    this.baskets.value = withEntry(this.baskets.peek(), conv, basket);
  }

  quote(conv: string, { lines, delivery }: Basket): Promise<QuoteAnswer> {
    return this.needs.http.post(`${pathOf(conv)}quote/`, { lines, delivery });
  }

  /** Put the order before the visitor; tell whether it is there. */
  async propose(conv: string, { lines, delivery }: Basket): Promise<boolean> {
    const done = await this.act(`${pathOf(conv)}offers/`, { lines, delivery });
    if (done) {
      this.put(conv, null);
    }
    return done;
  }

  async withdraw(conv: string, offer: string): Promise<void> {
    await this.act(`${pathOf(conv)}offers/${offer}/withdraw/`, {});
    await this.loadOffer(conv, offer);
  }

  private refreshCards(conv: string): void {
    const seqs = [...(this.wanted.get(conv) ?? [])].slice(-50);
    if (seqs.length === 0) {
      return;
    }
    void this.needs.http
      .get<Cards>(`${pathOf(conv)}products/?seqs=${seqs.join(",")}`)
      .then(({ cards = [] }) => {
        const all = new Map(this.cards.peek());
        for (const card of cards) {
          all.set(`${conv}/${card.seq}`, card);
        }
        this.cards.value = all;
      })
      .catch(() => undefined);
  }

  private async act<T>(path: string, body: object): Promise<boolean> {
    const { http, toasts, t } = this.needs;
    try {
      const headers = { "Idempotency-Key": makeId() };
      await http.post<T>(path, body, { headers });
      return true;
    } catch (error) {
      toasts.warn((error instanceof HttpError && error.message) || t("err_other"));
      return false;
    }
  }
}

function pathOf(conv: string): string {
  return `operator/conversations/${conv}/`;
}
