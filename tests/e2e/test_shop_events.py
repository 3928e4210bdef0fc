"""What befalls a visitor in the shop is a fact, while the shop runs."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from playwright.sync_api import APIRequestContext, Page

from tests.e2e.conftest import OpenPage
from tests.e2e.test_shop import PERSON
from tests.shop_demo.conftest import COFFEE, GUEST, KETTLE, SOLD_OUT

KINDS = (
    *("found_nothing", "seen_again", "sold_out", "form_error", "declined"),
    "idle_cart",
)
MOST_LOOKS = 1_500
FACTS = """
    SELECT event.kind FROM chatdesk_shopevent event
    JOIN chatdesk_visit visit ON visit.id = event.visit_id
    WHERE visit.begun_at >= ?
"""
LET_CARTS_REST = """
    UPDATE chatdesk_visit SET idle_at = :now WHERE begun_at >= :since AND idle_at > :now
"""


class Person:
    """A browser that walks the shop by its addresses, and when it did what."""

    def __init__(self, page: Page, database: sqlite3.Connection) -> None:
        self.request: APIRequestContext = page.request
        self.begun_at = now()
        self.did: dict[str, float] = {}
        self.waits: dict[str, float] = {}
        self._page = page
        self._database = database

    def walks(self) -> None:
        """Meet with everything that a shop may tell of, one thing after the other."""
        for _time in range(3):
            self.request.get(f"/product/{KETTLE}/")
            self.request.get("/")
        self._had("seen_again")
        self.request.get("/search/?q=unobtainium")
        self._had("found_nothing")
        self.request.get(f"/product/{SOLD_OUT}/")
        self._had("sold_out")
        self._posts(f"/cart/add/{KETTLE}/", quantity="1")
        self.request.get("/checkout/")
        self._posts("/checkout/", **{**GUEST, "postcode": ""})
        self._had("form_error")
        order = self._posts("/checkout/", **{**GUEST, "payment": "card"})
        self._posts(order, card="bad")
        self._had("declined")
        self._waits()

    def rests(self) -> None:
        """Leave a full cart alone; the two minutes are taken as over."""
        self._posts(f"/cart/add/{KETTLE}/", quantity="1")
        self._posts(f"/cart/add/{COFFEE}/", quantity="1")

        for _look in self._looks():
            # A second write of the visit, if the two pieces fell into two, begins anew.
            if self._lets_rest():
                self._had("idle_cart")
            if "idle_cart" in self.did and self._knows_all():
                break

    def _waits(self) -> None:
        """Note how many seconds each fact takes to be in the database."""
        for _look in self._looks():
            if self._knows_all():
                break

    def _knows_all(self) -> bool:
        rows = self._database.execute(FACTS, [self.begun_at])
        for (kind,) in rows.fetchall():
            if kind in self.did:
                self.waits.setdefault(kind, time.monotonic() - self.did[kind])
        return self.did.keys() == self.waits.keys()

    def _lets_rest(self) -> bool:
        moments = {"now": now(), "since": self.begun_at}
        changed = self._database.execute(LET_CARTS_REST, moments).rowcount
        self._database.commit()
        return changed > 0

    def _had(self, kind: str) -> None:
        self.did[kind] = time.monotonic()

    def _looks(self) -> Iterator[int]:
        for look in range(MOST_LOOKS):
            yield look
            self._page.wait_for_timeout(20)

    def _posts(self, path: str, **fields: str) -> str:
        """Send a form with the shop's token; return where it led to."""
        cookies = {row["name"]: row["value"] for row in self._page.context.cookies()}
        form = {**fields, "csrfmiddlewaretoken": cookies["csrftoken"]}
        return self.request.post(path, form=form).url


def now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ")


def test_what_befalls_a_visitor_is_known(
    open_page: OpenPage, database: sqlite3.Connection
) -> None:
    person = Person(open_page(user_agent=PERSON), database)
    person.walks()
    person.rests()
    assert person.waits.keys() == set(KINDS)
