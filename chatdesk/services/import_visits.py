"""Imports of visits: paths, events and occasions of the past, in a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from chatdesk.errors import Invalid
from chatdesk.insight.devices import read_device
from chatdesk.insight.text import clean, path_of
from chatdesk.models import Conversation, Occasion, ShopEvent, Visit, Visitor, VisitPage
from chatdesk.services.past_visits import PastPage, PastVisit
from chatdesk.services.visit_rows import SEARCHES, event_of

VISITS_AT_ONCE = 500


def import_visits(visits: Sequence[PastVisit]) -> int:
    """Write visits that are over; return how many were not known yet.

    Each has a page and goes forward in time; raises ``Invalid`` otherwise, and then
    writes nothing of that five hundred. What it names of people and dialogs must be
    here already, and is left out where it is not.
    """
    for visit in visits:
        _check(visit)
    return sum(
        _import_some(visits[begin : begin + VISITS_AT_ONCE])
        for begin in range(0, len(visits), VISITS_AT_ONCE)
    )


def _check(visit: PastVisit) -> None:
    moments = [page.at for page in visit.pages]
    if not moments or moments != sorted(moments):
        raise Invalid(detail="a visit has pages and goes forward in time")
    if {event.kind for event in visit.events} - set(ShopEvent.Kind.values):
        raise Invalid(detail="an event of this kind cannot be imported")


def _import_some(visits: Sequence[PastVisit]) -> int:
    with transaction.atomic():
        keys = [visit.key for visit in visits]
        known = set(Visit.objects.filter(pk__in=keys).values_list("pk", flat=True))
        news = [visit for visit in visits if visit.key not in known]
        visitors = _known_keys(Visitor, (visit.visitor for visit in news))
        rows = Visit.objects.bulk_create(_row_of(visit, visitors) for visit in news)
        pairs = list(zip(rows, news, strict=True))
        VisitPage.objects.bulk_create(
            _page_of(row, page) for row, visit in pairs for page in visit.pages
        )
        ShopEvent.objects.bulk_create(
            event_of(row, event) for row, visit in pairs for event in visit.events
        )
        _write_occasions(pairs)
    return len(news)


def _write_occasions(pairs: Sequence[tuple[Visit, PastVisit]]) -> None:
    dialogs = _known_keys(Conversation, (visit.dialog for _, visit in pairs))
    Occasion.objects.bulk_create(
        (
            _occasion_of(row, visit, dialogs[visit.dialog])
            for row, visit in pairs
            if visit.dialog in dialogs
        ),
        ignore_conflicts=True,
    )


def _known_keys(
    model: type[Visitor] | type[Conversation], keys: Iterable[UUID | None]
) -> dict[UUID | None, int]:
    wanted = {key for key in keys if key is not None}
    rows = model._default_manager.filter(public_id__in=wanted)
    return dict(rows.values_list("public_id", "pk"))


def _row_of(visit: PastVisit, visitors: Mapping[UUID | None, int]) -> Visit:
    first, last = visit.pages[0], visit.pages[-1]
    device = read_device(visit.user_agent)
    looked_until = last.at + timedelta(seconds=last.visible_s)
    seen_at = max([looked_until, *(event.at for event in visit.events)])
    return Visit(
        pk=visit.key,
        visitor_id=visitors.get(visit.visitor),
        begun_at=first.at,
        seen_at=seen_at,
        left_at=seen_at,
        pages=len(visit.pages),
        landing_path=path_of(first.path),
        landing_title=clean(first.title, longest=200),
        source=Visit.Source(visit.source),
        source_name=clean(visit.source_name, longest=80),
        first_source=Visit.Source(visit.source),
        first_source_name=clean(visit.source_name, longest=80),
        phrase=clean(visit.phrase, longest=200),
        country=clean(visit.country, longest=2),
        device=device.kind,
        browser=device.browser,
        system=device.system,
        language=clean(visit.language, longest=35),
        page_kind=clean(last.kind, longest=20),
        page_ref=clean(last.ref, longest=100),
        page_title=clean(last.title, longest=200),
        page_path=path_of(last.path),
        page_at=last.at,
    )


def _page_of(row: Visit, page: PastPage) -> VisitPage:
    return VisitPage(
        visit=row,
        at=page.at,
        kind=clean(page.kind, longest=20),
        ref=clean(page.ref, longest=100),
        title=clean(page.title, longest=200),
        path=path_of(page.path),
        visible_s=page.visible_s,
    )


def _occasion_of(row: Visit, visit: PastVisit, conversation_id: int) -> Occasion:
    """Make the occasion of the dialog that began on the visit's last page."""
    page = visit.pages[-1]
    searches = [event for event in visit.events if event.kind in SEARCHES]
    return Occasion(
        conversation_id=conversation_id,
        visit=row,
        at=page.at,
        kind=row.page_kind,
        ref=row.page_ref,
        title=row.page_title,
        path=row.page_path,
        searched=clean(searches[-1].words, longest=200) if searches else "",
        hits=searches[-1].number if searches else None,
        source=row.source,
        source_name=row.source_name,
        country=row.country,
    )
