"""The rows of a visit, made from facts; every text is cut and cleaned here."""

import re
from collections import OrderedDict
from datetime import datetime
from functools import cache
from html import unescape
from threading import Lock
from zoneinfo import available_timezones

from chatdesk.conf import get_settings
from chatdesk.insight.devices import read_device
from chatdesk.insight.places import find_place, truncate_address
from chatdesk.insight.seen import Begun, Happened, PageView, Seen
from chatdesk.insight.sources import read_source
from chatdesk.insight.text import clean, path_of
from chatdesk.models import Occasion, ShopEvent, Visit, VisitPage
from chatdesk.services.past_visits import PastEvent
from chatdesk.shop.pages import Page

MOST_PAGES = 500
MOST_KNOWN = 4000
MOST_NAMES = 20
SEARCHES = frozenset({ShopEvent.Kind.SEARCHED, ShopEvent.Kind.FOUND_NOTHING})

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)

# What a path of the shop shows; a page that came from a cache is known by it, too.
_known: OrderedDict[str, Page] = OrderedDict()
_known_lock = Lock()


def make_visit(fact: PageView, *, before: Visit | None) -> Visit:
    """Make the visit that begins with this page; ``before`` is the one it follows."""
    browser = fact.browser
    source = read_source(referrer=fact.referrer, query=fact.query, own_host=fact.host)
    place = find_place(browser.address, city_file=get_settings().city_file)
    device = read_device(browser.user_agent)
    page, path = read_page(fact)
    return Visit(
        begun_at=fact.at,
        seen_at=fact.at,
        earlier=0 if before is None else before.earlier + 1,
        landing_path=path,
        landing_title=page.title,
        source=source.kind,
        source_name=source.name,
        phrase=source.phrase,
        referrer=source.referrer,
        campaign=dict(source.campaign),
        first_source=source.kind if before is None else before.first_source,
        first_source_name=source.name if before is None else before.first_source_name,
        address=truncate_address(browser.address),
        country=place.country,
        city=place.city,
        zone=place.zone[:50],
        device=device.kind,
        browser=device.browser,
        system=device.system,
        language=browser.language,
    )


def is_landing(fact: Seen) -> bool:
    """Return whether this is a page that was reached from outside of the shop."""
    if not isinstance(fact, PageView) or not (fact.referrer or fact.query):
        return False
    source = read_source(referrer=fact.referrer, query=fact.query, own_host=fact.host)
    return source.kind != Visit.Source.DIRECT


def read_page(fact: PageView) -> tuple[Page, str]:
    """Return what a page view shows and its path.

    What the view did not say is known from who looked before, else read off the title.
    """
    path = path_of(fact.path)
    said = fact.page or know_page(path) or Page(kind="")
    title = said.title or _title_of(fact.head)
    page = Page(
        kind=clean(said.kind, longest=20),
        ref=clean(said.ref, longest=100),
        title=clean(title, longest=200),
    )
    if fact.page is not None:
        _learn(path, page)
    return page, path


def know_page(path: str) -> Page | None:
    """Return what a path of the shop showed lately, to whomever."""
    return _known.get(path)


def make_page(visit: Visit, page: Page, *, path: str, at: datetime) -> VisitPage:
    """Make one step of the path."""
    return VisitPage(
        visit=visit, at=at, kind=page.kind, ref=page.ref, title=page.title, path=path
    )


def make_event(visit: Visit, fact: Happened) -> ShopEvent:
    """Make the row of an event; of a form, only the names of its fields are kept."""
    names = [clean(name, longest=60) for name in fact.data.get("fields", ())]
    event = event_of(visit, fact)
    event.data = {"fields": names[:MOST_NAMES]} if names else {}
    return event


def event_of(visit: Visit, fact: Happened | PastEvent) -> ShopEvent:
    """Make the row of an event of now or of the past, without its form's fields."""
    return ShopEvent(
        visit=visit,
        kind=fact.kind,
        at=fact.at,
        ref=clean(fact.ref, longest=100),
        title=clean(fact.title, longest=200),
        words=clean(fact.words, longest=200),
        number=fact.number,
        amount=fact.amount,
        currency=clean(fact.currency, longest=3),
    )


def occasion_of(
    fact: Begun, *, visit: Visit | None, page: Page | None, searched: ShopEvent | None
) -> Occasion:
    """Make the row that says on which page, after which search, a dialog began."""
    occasion = Occasion(
        conversation_id=fact.conversation_id,
        visit=visit,
        at=fact.at,
        path=path_of(fact.path),
        title=clean(fact.title, longest=200),
    )
    if page is not None:
        occasion.kind, occasion.ref = page.kind, page.ref
        occasion.title = page.title or occasion.title
    if visit is not None:
        occasion.source, occasion.source_name = visit.source, visit.source_name
        occasion.country = visit.country
    if searched is not None:
        occasion.searched, occasion.hits = searched.words, searched.number
    return occasion


def read_zone(name: str) -> str:
    """Return a name of a time zone, or nothing for what is none."""
    return name if name in _zones() else ""


@cache
def _zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if len(name) <= 50)


def _title_of(head: bytes) -> str:
    found = _TITLE.search(head)
    return "" if found is None else unescape(found[1].decode(errors="replace"))


def _learn(path: str, page: Page) -> None:
    with _known_lock:
        _known.pop(path, None)
        _known[path] = page
        while len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
