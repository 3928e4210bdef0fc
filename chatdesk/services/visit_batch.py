"""One batch of facts about visits becomes rows: read, decided in memory, written.

Keys tie facts to visits; the surest key that is known wins, and the visit goes by the
surest one from then on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from chatdesk.conf import get_settings
from chatdesk.insight.browser import is_brief
from chatdesk.insight.seen import (
    Begun,
    Browser,
    CartSeen,
    Happened,
    Looked,
    PageView,
    Seen,
)
from chatdesk.insight.text import clean, path_of
from chatdesk.models import Occasion, ShopEvent, Visit, Visitor, VisitPage
from chatdesk.services.visit_rows import (
    MOST_PAGES,
    SEARCHES,
    is_landing,
    know_page,
    make_event,
    make_page,
    make_visit,
    occasion_of,
    read_page,
    read_zone,
)

PAUSE = timedelta(minutes=30)
LONGEST_LOOK_S = 3600
PRODUCT = "product"
FIXED = {"id", "begun_at"}


class Batch:
    """The facts of one second and the rows that they touch."""

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._by_key: dict[str, Visit] = {}
        self._touched: dict[UUID, Visit] = {}
        self._pages: dict[UUID, VisitPage] = {}
        self._paths: dict[tuple[UUID, str], VisitPage] = {}
        self._looks: Counter[tuple[UUID, str]] = Counter()
        self._events: list[ShopEvent] = []
        self._occasions: list[Occasion] = []
        self._searches: dict[UUID, ShopEvent] = {}
        self._known: dict[UUID, Visitor] = {}
        self._facts: Sequence[Seen] = ()

    def write(self, facts: Sequence[Seen]) -> None:
        """Take facts in the order in which they happened, and store what they say."""
        self._facts = facts
        self._read()
        takers: dict[type[Seen], Callable[..., None]] = {
            Seen: self._rename,
            PageView: self._view,
            Looked: self._look,
            Happened: self._happen,
            CartSeen: self._fill_cart,
            Begun: self._begin,
        }
        for fact in facts:
            takers[type(fact)](fact)
        self._store()

    # Reading

    def _read(self) -> None:
        keys = {key for fact in self._facts for key in _keys(fact)}
        # Locked in one order, so that two processes that write wait for each other.
        rows = Visit.objects.select_for_update().filter(key__in=keys).order_by("pk")
        self._by_key = {row.key: row for row in rows}
        self._read_visitors()
        self._read_pages()
        self._read_looks()
        self._read_searches()

    def _read_visitors(self) -> None:
        named = {
            fact.browser.visitor
            for fact in self._facts
            if fact.browser.visitor is not None
        }
        if named:
            rows = Visitor.objects.filter(public_id__in=named)
            self._known = {row.public_id: row for row in rows}

    def _read_pages(self) -> None:
        visits = self._visits_of(Looked)
        if visits:
            paths = {fact.path for fact in self._facts if isinstance(fact, Looked)}
            rows = VisitPage.objects.filter(visit__in=visits, path__in=paths)
            for row in rows.order_by("at"):
                self._paths[row.visit_id, row.path] = row

    def _read_looks(self) -> None:
        """Count the looks at products of visits that go on."""
        visits = self._visits_of(PageView)
        refs = {
            fact.page.ref
            for fact in self._facts
            if isinstance(fact, PageView) and fact.page and fact.page.kind == PRODUCT
        }
        if visits and refs:
            rows = VisitPage.objects.filter(visit__in=visits, kind=PRODUCT)
            counted = rows.filter(ref__in=refs).values_list("visit", "ref")
            for visit, ref, number in counted.annotate(number=Count("id")):
                self._looks[visit, ref] = number

    def _read_searches(self) -> None:
        begun = self._visits_of(Begun)
        if begun:
            rows = ShopEvent.objects.filter(visit__in=begun, kind__in=SEARCHES)
            self._searches = {row.visit_id: row for row in rows.order_by("at")}

    def _visits_of(self, kind: type[Seen]) -> set[UUID]:
        keys = {
            key for fact in self._facts if isinstance(fact, kind) for key in _keys(fact)
        }
        return {self._by_key[key].pk for key in keys & self._by_key.keys()}

    # Whose fact it is

    def _find(self, fact: Seen) -> Visit | None:
        """Return the visit that goes on with this fact, by the surest of its keys."""
        keys = _keys(fact)
        for key in keys:
            visit = self._by_key.get(key)
            if visit is None or not self._goes_on(visit, fact):
                continue
            if is_brief(key) and is_landing(fact):
                # Somebody comes from elsewhere, perhaps another behind one address.
                continue
            if key != keys[0]:
                self._by_key.pop(key, None)
                self._take_over(keys[0], visit)
            self._tie(visit, fact.browser)
            self._touched[visit.pk] = visit
            return visit
        return None

    def _goes_on(self, visit: Visit, fact: Seen) -> bool:
        user_id = fact.browser.user_id
        is_another = user_id is not None and visit.user_id not in {None, user_id}
        return fact.at - visit.seen_at <= PAUSE and not is_another

    def _take_over(self, key: str, visit: Visit) -> None:
        """Let a visit go by a key; whichever had it before is over."""
        before = self._by_key.get(key)
        if before is not None and before is not visit:
            before.key = ""
            self._touched[before.pk] = before
        visit.key = key
        self._by_key[key] = visit

    def _tie(self, visit: Visit, browser: Browser) -> None:
        visit.user_id = visit.user_id or browser.user_id
        known = self._known.get(browser.visitor) if browser.visitor else None
        # One who is tied to a login is recognised only under it.
        if known and known.user_id in {None, visit.user_id}:
            visit.visitor_id = known.pk

    def _open(self, fact: PageView) -> Visit:
        keys = fact.browser.keys
        sure = (self._by_key.get(key) for key in keys if not is_brief(key))
        visit = make_visit(fact, before=next((row for row in sure if row), None))
        self._take_over(keys[0], visit)
        self._tie(visit, fact.browser)
        self._touched[visit.pk] = visit
        return visit

    # What it says

    def _rename(self, fact: Seen) -> None:
        self._find(fact)

    def _view(self, fact: PageView) -> None:
        visit = self._find(fact) or self._open(fact)
        page, path = read_page(fact)
        visit.seen_at, visit.left_at = fact.at, None
        if visit.idle_at is not None:
            visit.idle_at = fact.at + get_settings().idle_cart_after
        is_same = visit.page_path == path and visit.page_ref == page.ref
        if is_same or visit.pages >= MOST_PAGES:
            return
        row = make_page(visit, page, path=path, at=fact.at)
        self._pages[row.pk] = self._paths[visit.pk, path] = row
        visit.pages += 1
        visit.page_kind, visit.page_ref = row.kind, row.ref
        visit.page_title, visit.page_path, visit.page_at = row.title, path, fact.at
        if page.kind == PRODUCT and page.ref:
            self._look_again(visit, row)

    def _look_again(self, visit: Visit, page: VisitPage) -> None:
        self._looks[visit.pk, page.ref] += 1
        number = self._looks[visit.pk, page.ref]
        if number == get_settings().seen_again:
            event = Happened(
                browser=Browser(keys=()),
                at=page.at,
                kind=ShopEvent.Kind.SEEN_AGAIN,
                ref=page.ref,
                title=page.title,
                number=number,
            )
            self._events.append(make_event(visit, event))

    def _look(self, fact: Looked) -> None:
        visit = self._find(fact)
        if visit is None:
            return
        visit.seen_at = max(visit.seen_at, fact.at)
        visit.zone = read_zone(fact.zone) or visit.zone
        page = self._paths.get((visit.pk, fact.path))
        if page is not None:
            page.visible_s += min(max(fact.visible_s, 0), LONGEST_LOOK_S)
            self._pages[page.pk] = page
        if visit.page_path == fact.path:
            visit.left_at = fact.at if fact.is_leaving else None

    def _happen(self, fact: Happened) -> None:
        visit = self._find(fact)
        if visit is not None:
            self._events.append(make_event(visit, fact))

    def _fill_cart(self, fact: CartSeen) -> None:
        visit, settings = self._find(fact), get_settings()
        if visit is None:
            return
        is_new = visit.cart_total != fact.total
        visit.cart_total, visit.cart_pieces = fact.total, max(fact.pieces, 0)
        visit.cart_currency = clean(fact.currency, longest=3)
        if fact.total <= settings.idle_cart_over or not fact.pieces:
            visit.idle_at = None
        elif is_new or visit.idle_at is not None:
            visit.idle_at = fact.at + settings.idle_cart_after

    def _begin(self, fact: Begun) -> None:
        visit = self._find(fact)
        if visit is not None:
            visit.visitor_id = fact.visitor_id
        page = know_page(path_of(fact.path))
        searched = None if visit is None else self._latest_search(visit)
        self._occasions.append(
            occasion_of(fact, visit=visit, page=page, searched=searched)
        )

    def _latest_search(self, visit: Visit) -> ShopEvent | None:
        for event in reversed(self._events):
            if event.visit_id == visit.pk and event.kind in SEARCHES:
                return event
        return self._searches.get(visit.pk)

    # Writing

    def _store(self) -> None:
        upsert(Visit, self._touched.values())
        upsert(VisitPage, self._pages.values())
        if self._events:
            ShopEvent.objects.bulk_create(self._events)
        if self._occasions:
            Occasion.objects.bulk_create(self._occasions, ignore_conflicts=True)


def upsert(model: type[Visit] | type[VisitPage], rows: Iterable[object]) -> None:
    """Write new and changed rows with one statement."""
    found = list(rows)
    if not found:
        return
    names = [field.name for field in model._meta.concrete_fields]
    model._default_manager.bulk_create(
        found,  # type: ignore[arg-type]
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[name for name in names if name not in FIXED],
    )


def _keys(fact: Seen) -> tuple[str, ...]:
    """Return what may name the visit of a fact, the surest first."""
    if isinstance(fact, Begun) and fact.visitor_key:
        return tuple(dict.fromkeys((fact.visitor_key, *fact.browser.keys)))
    return fact.browser.keys
