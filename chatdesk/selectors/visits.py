"""Visits as staff see them: who is on the site now, and one visit in full."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from chatdesk import clock
from chatdesk.errors import NotFound
from chatdesk.models import Conversation, ShopEvent, Visit
from chatdesk.remembered import Remembered
from chatdesk.wire.objects import to_ms
from chatdesk.wire.visits import (
    LiveVisit,
    LiveVisits,
    VisitCard,
    VisitEvent,
    VisitStep,
)

HERE_FOR = timedelta(minutes=3)
GONE_AFTER = timedelta(seconds=15)
EVENT_LASTS = timedelta(minutes=10)
TREND_MINUTES = 30
MOST = 500
MOST_STEPS = 40
MOST_EVENTS = 12
LIVE_S = 1.0

# What an event adds to the worth of a look at its visitor, beside his cart.
WORTH = {
    ShopEvent.Kind.DECLINED: 1000,
    ShopEvent.Kind.FORM_ERROR: 800,
    ShopEvent.Kind.IDLE_CART: 500,
    ShopEvent.Kind.SOLD_OUT: 300,
    ShopEvent.Kind.SEEN_AGAIN: 300,
    ShopEvent.Kind.FOUND_NOTHING: 200,
    ShopEvent.Kind.SEARCHED: 0,
    ShopEvent.Kind.ORDERED: 0,
}
CUSTOMER = 200
AGAIN = 50


def is_here(*, at: datetime) -> Q:
    """Seen lately, and not gone since."""
    stays = Q(left_at=None) | Q(left_at__gte=at - GONE_AFTER)
    return stays & Q(seen_at__gte=at - HERE_FOR)


def list_live_visits(*, at: datetime) -> LiveVisits:
    """Return who is on the site, whom a look is worth most first; five queries."""
    here = Visit.objects.filter(is_here(at=at))
    rows = list(
        here.select_related("visitor").defer("campaign").order_by("-seen_at")[:MOST]
    )
    dialogs = _dialogs_of([row.visitor_id for row in rows if row.visitor_id])
    events = _latest_events([row.pk for row in rows], at=at)
    items = [
        _line(row, dialogs.get(row.visitor_id), events.get(row.pk)) for row in rows
    ]
    return LiveVisits(
        at=to_ms(at),
        total=here.count() if len(rows) == MOST else len(rows),
        items=tuple(sorted(items, key=lambda line: (-line.value, line.begun_at))),
        trend=_trend(at),
    )


def visit_card(visit_id: UUID, *, at: datetime) -> VisitCard:
    """Return one visit in full; raises ``NotFound``."""
    visit = Visit.objects.filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return _card(visit, at=at)


def visit_of_conversation(
    conversation: Conversation, *, at: datetime
) -> VisitCard | None:
    """Return the latest visit of a dialog's visitor, on whatever device, or None."""
    visit = _visits_of(conversation).order_by("-seen_at").first()
    return None if visit is None else _card(visit, at=at)


def _visits_of(conversation: Conversation) -> QuerySet[Visit]:
    visitor = conversation.visitor
    mine = Q(visitor=visitor)
    if visitor.user_id is not None:
        mine |= Q(user=visitor.user_id)
    return Visit.objects.filter(mine)


def _dialogs_of(visitors: Collection[int]) -> dict[int | None, Conversation]:
    rows = Conversation.objects.in_progress().filter(visitor__in=visitors)
    return {row.visitor_id: row for row in rows.select_related("operator")}


def _latest_events(visits: Collection[UUID], *, at: datetime) -> dict[UUID, ShopEvent]:
    rows = ShopEvent.objects.filter(visit__in=visits, at__gte=at - EVENT_LASTS)
    return {row.visit_id: row for row in rows.order_by("at")}


def _trend(at: datetime) -> tuple[int, ...]:
    since = at - timedelta(minutes=TREND_MINUTES)
    counts = [0] * TREND_MINUTES
    begun = Visit.objects.filter(begun_at__gt=since, begun_at__lte=at)
    for moment in begun.values_list("begun_at", flat=True):
        counts[min(int((moment - since).total_seconds() // 60), len(counts) - 1)] += 1
    return tuple(counts)


def _line(
    visit: Visit, dialog: Conversation | None, event: ShopEvent | None
) -> LiveVisit:
    visitor = visit.visitor
    operator = None if dialog is None else dialog.operator
    waits = None if dialog is None else dialog.waiting_since
    return LiveVisit(
        id=visit.pk.hex,
        number=_number(visit),
        name="" if visitor is None else visitor.name,
        country=visit.country,
        city=visit.city,
        page_kind=visit.page_kind,
        page_title=visit.page_title,
        page_path=visit.page_path,
        page_at=to_ms(visit.page_at or visit.begun_at),
        begun_at=to_ms(visit.begun_at),
        pages=visit.pages,
        source=visit.source,
        source_name=visit.source_name,
        phrase=visit.phrase,
        earlier=visit.earlier,
        is_customer=visit.user_id is not None,
        cart=_sum(visit),
        currency=visit.cart_currency,
        pieces=visit.cart_pieces,
        value=_worth(visit, event),
        event=None if event is None else _event(event),
        conv="" if dialog is None else dialog.public_id.hex,
        waiting_since=None if waits is None else to_ms(waits),
        operator="" if operator is None else operator.name,
    )


def _number(visit: Visit) -> int:
    """Return what a stranger goes by: four digits, the same for the whole visit."""
    return visit.visitor_id or 1000 + visit.pk.int % 9000


def _sum(visit: Visit) -> str:
    return str(visit.cart_total) if visit.cart_total and visit.cart_pieces else ""


def _worth(visit: Visit, event: ShopEvent | None) -> int:
    cart = int(visit.cart_total or 0) if visit.cart_pieces else 0
    known = CUSTOMER if visit.user_id is not None else AGAIN if visit.earlier else 0
    befell = 0 if event is None else WORTH[ShopEvent.Kind(event.kind)]
    return min(cart, 100_000) * 10 + known + befell + min(visit.pages, 20)


def _event(event: ShopEvent) -> VisitEvent:
    return VisitEvent(
        kind=event.kind,
        at=to_ms(event.at),
        ref=event.ref,
        title=event.title,
        words=event.words,
        number=event.number,
        fields=tuple(event.data.get("fields", ())),
    )


def _card(visit: Visit, *, at: datetime) -> VisitCard:
    steps = list(visit.path.order_by("-at")[:MOST_STEPS])
    events = list(visit.events.order_by("-at")[:MOST_EVENTS])
    left = visit.left_at is not None and at - visit.left_at > GONE_AFTER
    return VisitCard(
        id=visit.pk.hex,
        begun_at=to_ms(visit.begun_at),
        is_here=not left and at - visit.seen_at <= HERE_FOR,
        visits=visit.earlier + 1,
        country=visit.country,
        city=visit.city,
        zone=visit.zone,
        device=visit.device,
        browser=visit.browser,
        system=visit.system,
        language=visit.language,
        source=visit.source,
        source_name=visit.source_name,
        phrase=visit.phrase,
        referrer=visit.referrer,
        campaign=visit.campaign,
        first_source=visit.first_source,
        first_source_name=visit.first_source_name,
        landing=visit.landing_title or visit.landing_path,
        pages=visit.pages,
        path=tuple(
            VisitStep(
                at=to_ms(step.at),
                path=step.path,
                kind=step.kind,
                ref=step.ref,
                title=step.title,
                visible_s=step.visible_s,
            )
            for step in reversed(steps)
        ),
        events=tuple(_event(event) for event in reversed(events)),
        cart=_sum(visit),
        currency=visit.cart_currency,
    )


def _look() -> LiveVisits:
    return list_live_visits(at=clock.now())


live_visits = Remembered(_look, seconds=LIVE_S)
"""One look a second for all operators of a process."""
