"""A fortnight of visits: what people looked at, searched and bought."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from chatdesk.integration import (
    PastDialog,
    PastEvent,
    PastPage,
    PastVisit,
    import_visits,
)
from shop_demo.chat_orders import CURRENCY
from shop_demo.models import Order
from shop_demo.seeding.chat_history import BROWSERS, Page

DAYS = 14
SILENT = 550
SECOND = timedelta(seconds=1)

SOURCES = (
    *(("search", "google", 8), ("search", "yandex", 3), ("direct", "", 6)),
    *(("ad", "google", 2), ("social", "instagram", 2), ("mail", "", 1)),
)
COUNTRIES = (("FI", 9), ("EE", 4), ("LV", 2), ("LT", 2), ("DE", 3), ("NL", 1))

SEARCHES = (
    *(("v60", 4), ("decaf", 0), ("gooseneck kettle", 3), ("hand grinder", 5)),
    *(("matcha", 2), ("aeropress", 0), ("milk frother", 0), ("descaler", 1)),
    *(("декаф", 0), ("турка", 2), ("кофемолка", 6), ("воронка v60", 3)),
    *(("gift card", 0), ("подарочный сертификат", 0), ("kenya", 2)),
)


@dataclass(frozen=True, slots=True)
class End:
    """Where and when a visit ends, and the dialog that begins there."""

    at: datetime
    page: Page
    dialog: PastDialog | None = None


def seed_visits(
    pages: Sequence[Page],
    dialogs: Sequence[PastDialog],
    *,
    orders: Mapping[str, PastDialog],
    at: datetime,
) -> int:
    """Add visits that led to dialogs or to orders, and many that led to neither."""
    dice = random.Random(77)  # noqa: S311 - the same fortnight at every start.
    since = at - timedelta(days=DAYS)
    by_url = {page.url: page for page in pages}
    talked = [
        draw_visit(
            dice,
            pages,
            end=End(dialog.entries[0].at, by_url[dialog.visitor.page_url], dialog),
        )
        for dialog in dialogs
        if dialog.entries[0].at > since
    ]
    bought = [
        draw_order_visit(dice, pages, order)
        for order in Order.objects.filter(placed_at__gt=since).order_by("pk")
        if order.number not in orders
    ]
    moments = [since + (at - since) * dice.random() for _number in range(SILENT)]
    silent = [
        draw_visit(dice, pages, end=End(moment, dice.choice(pages)))
        for moment in moments
    ]
    return import_visits(talked + bought + silent)


def draw_visit(dice: random.Random, pages: Sequence[Page], *, end: End) -> PastVisit:
    """Draw a path that ends on a page at a moment."""
    dialog, moment = end.dialog, end.at
    language = dialog.visitor.language if dialog else dice.choice(("en", "en", "ru"))
    path = [dice.choice(pages) for _step in range(dice.choice((0, 0, 1, 1, 2, 4)))]
    steps: list[PastPage] = []
    for page in (end.page, *path):
        looked_s = dice.randrange(4, 140)
        moment -= looked_s * SECOND
        steps.append(step_of(page, language, at=moment, visible_s=looked_s))
    steps.reverse()
    source, name, _weight = dice.choices(SOURCES, [each[2] for each in SOURCES])[0]
    return PastVisit(
        key=UUID(int=dice.getrandbits(128), version=4),
        pages=tuple(steps),
        events=tuple(draw_events(dice, steps)),
        visitor=dialog.visitor.key if dialog else None,
        dialog=dialog.key if dialog else None,
        source=source,
        source_name=name,
        country=dice.choices(*zip(*COUNTRIES, strict=True))[0],
        user_agent=dialog.visitor.user_agent if dialog else dice.choice(BROWSERS),
        language=language,
    )


def step_of(page: Page, language: str, *, at: datetime, visible_s: int) -> PastPage:
    """Return a product's page as one step of a path."""
    return PastPage(
        at=at,
        path=page.url,
        title=page.names[language],
        kind="product",
        ref=page.key,
        visible_s=visible_s,
    )


def draw_events(dice: random.Random, steps: Sequence[PastPage]) -> list[PastEvent]:
    """Draw what befell somebody: a search, a size that is sold out, a refused card."""
    first, last = steps[0], steps[-1]
    events = []
    if dice.random() < 0.22:
        words, hits = dice.choice(SEARCHES)
        kind = "searched" if hits else "found_nothing"
        events.append(PastEvent(first.at, kind, words=words, number=hits))
    if dice.random() < 0.03:
        events.append(PastEvent(last.at, "sold_out", last.ref, last.title))
    if dice.random() < 0.02:
        events.append(PastEvent(last.at, "declined", words="insufficient funds"))
    return events


def draw_order_visit(
    dice: random.Random, pages: Sequence[Page], order: Order
) -> PastVisit:
    """Draw the visit in which somebody bought without asking anything."""
    visit = draw_visit(dice, pages, end=End(order.placed_at, dice.choice(pages)))
    bought = PastEvent(
        order.placed_at,
        "ordered",
        ref=order.number,
        amount=order.total,
        currency=CURRENCY,
    )
    return replace(
        visit,
        events=(*visit.events, bought),
        country=order.country,
        language=order.language,
    )
