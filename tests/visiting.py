"""Visits to test with: browsers that go by keys, and what they look at."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from chatdesk.insight.seen import Browser, Looked, PageView, Seen
from chatdesk.models import Visit
from chatdesk.services.visits import store_visits
from chatdesk.shop.pages import Page

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
FINLAND = "85.76.1.2"
HOSTILE = "\"><script>alert('x')</script>\x00\u202e{{7*7}}%s"
SECOND = timedelta(seconds=1)


def browser(*keys: str, **facts: Any) -> Browser:
    """Return a browser that goes by these keys, the surest first."""
    facts = {"address": FINLAND, "user_agent": IPHONE, "language": "fi", **facts}
    return Browser(keys=keys or ("s1",), **facts)


def view(path: str = "/", *, by: Browser | None = None, **facts: Any) -> PageView:
    """Return a look at a page; ``kind``, ``ref`` and ``title`` name it."""
    kind, ref = facts.pop("kind", ""), facts.pop("ref", "")
    title = facts.pop("title", "")
    page = Page(kind=kind, ref=ref, title=title) if kind else None
    head = f"<html><title>{title}</title>".encode() if title and not kind else b""
    return PageView(
        browser=by or browser(),
        at=facts.pop("at", None) or timezone.now(),
        path=path,
        host="shop.example",
        page=page,
        head=head,
        **facts,
    )


def look(path: str = "/", *, by: Browser | None = None, **facts: Any) -> Looked:
    """Return word of how long a page was visible."""
    at: datetime = facts.pop("at", None) or timezone.now()
    return Looked(browser=by or browser(), at=at, path=path, **facts)


def store(*facts: Seen) -> None:
    """Write facts as the process does once a second."""
    store_visits(facts, at=timezone.now())


def make_visit(*paths: str, by: Browser | None = None, **facts: Any) -> Visit:
    """Make a visit of these pages, one second apart, that ends now."""
    paths = paths or ("/",)
    at = facts.pop("at", None) or timezone.now()
    begun = at - len(paths) * SECOND
    who = by or browser()
    store(
        *(
            view(path, by=who, at=begun + number * SECOND, **facts)
            for number, path in enumerate(paths, 1)
        )
    )
    return Visit.objects.get(key=who.keys[0])
