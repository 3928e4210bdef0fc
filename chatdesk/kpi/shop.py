"""What the shop learns from its dialogs: what is asked, searched and ordered.

A dialog counts by the page on which it began; an order by what the shop told of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import Avg, Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from chatdesk.kpi.period import Period
from chatdesk.models import (
    AuthorKind,
    Conversation,
    Entry,
    Occasion,
    SaleCredit,
    ShopEvent,
    SoldOrder,
    Visit,
)

MOST = 50
NOTHING = Decimal("0.00")
SAMPLES = 3
FIRST_ENTRIES = 3
CHAT_COUNTS_FOR = timedelta(days=7)
"""An order within so many days after the first question counts as one with a chat."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the visits to look at; empty texts mean all."""

    source: str = ""
    country: str = ""

    def condition(self, prefix: str = "") -> Q:
        """Return the condition on a visit or an occasion: both name them alike."""
        wanted = {"source": self.source, "country": self.country}
        return Q(**{f"{prefix}{name}": text for name, text in wanted.items() if text})


@dataclass(frozen=True, slots=True)
class Question:
    """The first words of a dialog, a stranger's."""

    conversation_id: int
    text: str


@dataclass(frozen=True, slots=True)
class AskedProduct:
    """A product and the dialogs that began on its page."""

    ref: str
    title: str
    asked: int
    before: int
    questions: Sequence[Question] = ()


@dataclass(frozen=True, slots=True)
class SearchedWords:
    """Words that were searched in the shop, and how many dialogs came after them."""

    words: str
    searches: int
    found_most: int
    dialogs: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Visits, orders and sums of one side; ``sums`` by currency."""

    visits: int
    ordered: int
    orders: int
    sums: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def conversion(self) -> float | None:
        """The share of visits with an order; None where too few visits are known.

        Orders are told of people, too, who did not agree to be watched.
        """
        is_known = self.visits and self.ordered <= self.visits
        return self.ordered / self.visits if is_known else None


@dataclass(slots=True)
class _Asked:
    """What is gathered of one product: its newest name and its dialogs."""

    title: str = ""
    dialogs: set[int] = field(default_factory=set)


def asked_products(period: Period, cut: Cut) -> list[AskedProduct]:
    """Return the products that most dialogs were about, with five queries.

    A dialog is about the product on whose page it began, and about each that an
    operator sent as a card.
    """
    asked, earlier = _gather(period, cut), _gather(period.previous(), cut)
    top = sorted(asked.items(), key=lambda each: (-len(each[1].dialogs), each[0]))
    newest = {ref: sorted(row.dialogs)[-SAMPLES:] for ref, row in top[:MOST]}
    words = _first_words(pk for dialogs in newest.values() for pk in dialogs)
    return [
        AskedProduct(
            ref=ref,
            title=row.title or ref,
            asked=len(row.dialogs),
            before=len(earlier[ref].dialogs) if ref in earlier else 0,
            questions=[
                Question(pk, words[pk]) for pk in reversed(newest[ref]) if pk in words
            ],
        )
        for ref, row in top[:MOST]
    ]


def is_about(ref: str) -> Q:
    """Return the condition of the dialogs that count as being about a product."""
    cards = Entry.objects.filter(
        conversation=OuterRef("pk"), kind=Entry.Kind.PRODUCT, data__product=ref
    )
    return Q(occasion__kind="product", occasion__ref=ref) | Q(Exists(cards))


def _occasions(period: Period, cut: Cut) -> QuerySet[Occasion]:
    return Occasion.objects.filter(
        cut.condition(),
        conversation__first_message_at__gte=period.start,
        conversation__first_message_at__lt=period.end,
    )


def _gather(period: Period, cut: Cut) -> dict[str, _Asked]:
    pages = _occasions(period, cut).filter(kind="product").exclude(ref="")
    cards = Entry.objects.filter(
        cut.condition("conversation__occasion__"),
        kind=Entry.Kind.PRODUCT,
        conversation__first_message_at__gte=period.start,
        conversation__first_message_at__lt=period.end,
    )
    rows: dict[str, _Asked] = {}
    for ref, title, pk in (
        *pages.order_by("at").values_list("ref", "title", "conversation_id"),
        *cards.values_list("data__product", "text", "conversation_id"),
    ):
        row = rows.setdefault(str(ref), _Asked())
        row.title = row.title or title
        row.dialogs.add(pk)
    return rows


def _first_words(conversations: Iterable[int]) -> dict[int, str]:
    entries = Entry.objects.filter(
        conversation__in=list(conversations),
        author_kind=AuthorKind.VISITOR,
        kind=Entry.Kind.MESSAGE,
        seq__lte=FIRST_ENTRIES,
    )
    found = entries.order_by("-seq").values_list("conversation_id", "text")
    return dict(found)


def searched_words(period: Period, cut: Cut) -> list[SearchedWords]:
    """Return what was searched before dialogs or in vain, with two queries.

    Words are one whatever their capitals: folded here, as SQLite knows only ASCII.
    """
    searches = ShopEvent.objects.filter(
        kind__in=(ShopEvent.Kind.SEARCHED, ShopEvent.Kind.FOUND_NOTHING),
        at__gte=period.start,
        at__lt=period.end,
    ).filter(cut.condition("visit__"))
    counted = searches.values_list("words").annotate(
        times=Count("pk"), most=Max("number")
    )
    found: dict[str, SearchedWords] = {}
    for words, times, most in counted.order_by("-times")[: MOST * 40]:
        _add(found, SearchedWords(words.casefold(), times, most or 0, 0))
    told = _occasions(period, cut).exclude(searched="")
    asked = told.values_list("searched").annotate(times=Count("pk"), most=Max("hits"))
    for words, dialogs, most in asked:
        folded = words.casefold()
        # Of searches whose visits are gone by now, the dialogs are left.
        again = 0 if folded in found else dialogs
        _add(found, SearchedWords(folded, again, most or 0, dialogs))
    wanted = [row for row in found.values() if row.dialogs or not row.found_most]
    return sorted(wanted, key=lambda row: (-row.dialogs, -row.searches))[:MOST]


def _add(found: dict[str, SearchedWords], row: SearchedWords) -> None:
    known = found.get(row.words, SearchedWords(row.words, 0, 0, 0))
    found[row.words] = SearchedWords(
        words=row.words,
        searches=known.searches + row.searches,
        found_most=max(known.found_most, row.found_most),
        dialogs=known.dialogs + row.dialogs,
    )


def funnels(period: Period, cut: Cut) -> tuple[Funnel, Funnel]:
    """Return the visits with a chat and those without one, and what came of them.

    An order that the shop told of has a chat if it is credited to a dialog. A shop that
    tells only of visits that led to an order has it counted by the visit's dialogs.
    """
    visits = Visit.objects.filter(
        cut.condition(), begun_at__gte=period.start, begun_at__lt=period.end
    ).annotate(has_chatted=_has_chatted())
    chatted, silent = (visits.filter(has_chatted=each) for each in (True, False))
    if not SoldOrder.objects.exists():
        return _funnel(chatted), _funnel(silent)
    amounts = _amounts_by_credit(_told_orders(period, cut))
    return (
        _told_funnel(chatted.count(), amounts[True]),
        _told_funnel(silent.count(), amounts[False]),
    )


def _told_orders(period: Period, cut: Cut) -> QuerySet[SoldOrder]:
    """Return the orders that stayed sold; a cut keeps those whose visit is of it."""
    orders = SoldOrder.objects.filter(
        is_void=False, placed_at__gte=period.start, placed_at__lt=period.end
    )
    if cut == Cut():
        return orders
    ordered = ShopEvent.objects.filter(
        cut.condition("visit__"), kind=ShopEvent.Kind.ORDERED
    )
    return orders.filter(reference__in=ordered.values("ref"))


def _amounts_by_credit(
    orders: QuerySet[SoldOrder],
) -> dict[bool, dict[str, list[Decimal]]]:
    is_credited = Exists(SaleCredit.objects.filter(order=OuterRef("pk")))
    amounts: dict[bool, dict[str, list[Decimal]]] = {True: {}, False: {}}
    rows = orders.values_list(is_credited, "currency", "goods")
    # Added up here: SQLite adds decimals as floats.
    for has_chat, currency, goods in rows:
        amounts[bool(has_chat)].setdefault(currency, []).append(goods)
    return amounts


def _told_funnel(visits: int, amounts: dict[str, list[Decimal]]) -> Funnel:
    orders = sum(map(len, amounts.values()))
    return Funnel(
        visits=visits,
        ordered=orders,
        orders=orders,
        sums={
            currency: (sum(each, NOTHING), sum(each, NOTHING) / len(each))
            for currency, each in sorted(amounts.items())
        },
    )


def _has_chatted() -> Exists:
    """Whether the visitor asked something in this visit or within days before it."""
    dialogs = Conversation.objects.filter(
        visitor=OuterRef("visitor"),
        first_message_at__lte=OuterRef("seen_at"),
        first_message_at__gte=OuterRef("begun_at") - CHAT_COUNTS_FOR,
    )
    return Exists(dialogs)


def _funnel(visits: QuerySet[Visit]) -> Funnel:
    orders = ShopEvent.objects.filter(
        kind=ShopEvent.Kind.ORDERED, visit__in=visits.values("pk")
    )
    sums = (
        orders.exclude(amount=None)
        .values("currency")
        .annotate(total=Sum("amount"), mean=Avg("amount"))
        .order_by("currency")
    )
    counted = orders.aggregate(orders=Count("pk"), visits=Count("visit", distinct=True))
    return Funnel(
        visits=visits.count(),
        ordered=counted["visits"],
        orders=counted["orders"],
        sums={row["currency"]: (row["total"], row["mean"]) for row in sums},
    )


def has_orders() -> bool:
    """Return whether the shop ever told of an order."""
    told = ShopEvent.objects.filter(kind=ShopEvent.Kind.ORDERED)
    return told.exists() or SoldOrder.objects.exists()


def countries(period: Period) -> list[str]:
    """Return the countries to cut by."""
    rows = Visit.objects.filter(begun_at__gte=period.start, begun_at__lt=period.end)
    return sorted(rows.exclude(country="").values_list("country", flat=True).distinct())
