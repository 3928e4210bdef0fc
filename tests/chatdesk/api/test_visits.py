"""Pages tell how long they were looked at; operators see who is there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.models import Occasion, ShopEvent, Visit
from chatdesk.selectors.visits import live_visits
from chatdesk.services.visits import flush_visits
from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import make_conversation, make_operator, make_visitor
from tests.visiting import HOSTILE, IPHONE, browser, make_visit, store, view

pytestmark = pytest.mark.django_db

LOOK = {"path": "/kettle/", "seconds": 7, "zone": "Europe/Helsinki", "leaving": True}


@pytest.fixture(autouse=True)
def _forget():
    live_visits.forget()


@pytest.fixture
def desk() -> Desk:
    return Desk(make_operator())


def guest() -> Page:
    page = Page()
    page.headers["User-Agent"] = IPHONE
    return page


def test_a_look_is_kept_without_a_query(django_assert_num_queries):
    page = guest()
    with django_assert_num_queries(0):
        assert page.post("look/", LOOK).status_code == 200

    assert flush_visits(at=timezone.now()) == 1


def test_another_site_says_nothing_of_looks():
    page = guest()
    page.headers["Origin"] = "https://evil.example"

    assert page.post("look/", LOOK).status_code == 403
    assert flush_visits(at=timezone.now()) == 0


@pytest.mark.parametrize(
    "change",
    [{"seconds": -1}, {"seconds": "1"}, {"path": "x" * 2000}, {"zone": "z" * 99}],
)
def test_a_look_that_cannot_be_is_refused(change):
    assert guest().post("look/", {**LOOK, **change}).status_code == 400


def test_in_strict_mode_a_look_is_not_kept(settings):
    settings.CHATDESK = {"TRACKING": "strict"}

    assert guest().post("look/", LOOK).status_code == 200
    assert flush_visits(at=timezone.now()) == 0


def test_a_dialog_takes_up_the_path_that_led_to_it(rf):
    page = guest()
    page.client.get("/page/")
    page.post("conversations/", {"page_url": "http://testserver/page/?a=b"})

    flush_visits(at=timezone.now())

    assert Occasion.objects.get().path == "/page/"


def test_a_dialog_begins_with_no_query_more(settings):
    counts = []
    guest().post("conversations/")  # The first one ever makes the storefront.
    for tracking in ("off", "notice"):
        settings.CHATDESK = {"TRACKING": tracking}
        with CaptureQueriesContext(connection) as queries:
            guest().post("conversations/", {"page_url": "http://testserver/page/"})
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_table_shows_whom_a_look_is_worth_most_first(desk):
    poor = make_visit("/a/", by=browser("s1"))
    rich = make_visit("/b/", by=browser("s2"))
    stuck = make_visit("/c/", by=browser("s3"))
    Visit.objects.filter(pk=rich.pk).update(
        cart_total="120.00", cart_currency="EUR", cart_pieces=2
    )
    ShopEvent.objects.create(visit=stuck, kind="declined", at=timezone.now())

    body = desk.get("visits/").json()

    assert [item["id"] for item in body["items"]] == [
        visit.pk.hex for visit in (rich, stuck, poor)
    ]
    assert body["items"][0]["cart"] == "120.00"
    assert body["items"][1]["event"]["kind"] == "declined"
    assert (body["total"], sum(body["trend"])) == (3, 3)


def test_the_table_says_who_is_in_a_dialog(desk):
    visitor = make_visitor(name="Ingrid")
    conversation = make_conversation(visitor=visitor)
    visit = make_visit()
    Visit.objects.filter(pk=visit.pk).update(visitor=visitor)

    (item,) = desk.get("visits/").json()["items"]

    assert (item["name"], item["conv"]) == ("Ingrid", conversation.public_id.hex)
    assert item["waiting_since"]


def test_who_left_is_not_in_the_table(desk):
    visit = make_visit()
    Visit.objects.filter(pk=visit.pk).update(
        left_at=timezone.now() - timedelta(minutes=1)
    )

    assert desk.get("visits/").json()["total"] == 0


def test_hundreds_of_visitors_are_as_many_queries_as_one(
    desk, django_assert_max_num_queries
):
    store(*(view(f"/p{who}/", by=browser(f"s{who}")) for who in range(150)))

    # Session, user and operator, visits with visitors, dialogs, events, trend.
    with django_assert_max_num_queries(8):
        body = desk.get("visits/").json()

    assert len(body["items"]) == 150


def test_one_look_a_second_is_shared(desk, django_assert_max_num_queries):
    desk.get("visits/")
    with django_assert_max_num_queries(4):
        desk.get("visits/")


def test_a_dialog_shows_the_visit_of_its_visitor(desk):
    conversation = make_conversation()
    visit = make_visit("/a/", "/b/", referrer="https://www.google.com/search?q=tea")
    Visit.objects.filter(pk=visit.pk).update(visitor=conversation.visitor)
    ShopEvent.objects.create(visit=visit, kind="searched", at=timezone.now(), number=4)

    found = desk.get(of(conversation, "visit")).json()["visit"]

    assert [step["path"] for step in found["path"]] == ["/a/", "/b/"]
    assert (found["source_name"], found["phrase"]) == ("Google", "tea")
    assert (found["country"], found["browser"]) == ("FI", "Safari 18")
    assert found["events"][0]["number"] == 4
    assert found["is_here"] is True
    assert "address" not in found


def test_a_dialog_without_a_visit_says_so(desk):
    assert desk.get(of(make_conversation(), "visit")).json() == {}


def test_one_visit_is_shown_in_full(desk):
    visit = make_visit("/a/")

    assert desk.get(f"visits/{visit.pk.hex}/").json()["visit"]["pages"] == 1
    assert desk.get(f"visits/{uuid4().hex}/").status_code == 404


def test_strangers_see_nobody():
    visit = make_visit()

    for path in ("visits/", f"visits/{visit.pk.hex}/"):
        assert Desk().get(path).status_code == 401


def test_hostile_words_cross_the_wire_as_text(desk):
    store(view(title=HOSTILE, query=f"utm_source={HOSTILE}", referrer=HOSTILE))

    (item,) = desk.get("visits/").json()["items"]

    assert "<script>" in item["page_title"]
    assert "\x00" not in item["page_title"]
