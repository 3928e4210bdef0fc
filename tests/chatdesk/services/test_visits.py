"""What was seen of visitors becomes visits, with few statements and nobody mixed up."""

import logging
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.insight.browser import key_of_visitor
from chatdesk.insight.seen import Begun, CartSeen, Happened, Seen
from chatdesk.models import Occasion, ShopEvent, Visit, VisitPage
from chatdesk.services import visits
from chatdesk.services.visit_rows import MOST_PAGES
from chatdesk.services.visits import flush_visits, track_visit
from tests.factories import make_conversation, make_visitor
from tests.visiting import (
    FINLAND,
    HOSTILE,
    SECOND,
    browser,
    look,
    make_visit,
    store,
    view,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MINUTE = timedelta(minutes=1)


def happened(kind: str, **facts):
    return Happened(browser=browser(), at=timezone.now(), kind=kind, **facts)


def cart_of(total: str, *, pieces: int) -> CartSeen:
    at, worth = timezone.now(), Decimal(total)
    return CartSeen(browser=browser(), at=at, total=worth, pieces=pieces)


def path_of(visit: Visit) -> list[str]:
    return [page.title or page.path for page in visit.path.order_by("at")]


def test_a_visit_keeps_its_path_as_objects_where_the_view_names_them():
    now = timezone.now()
    store(
        view("/shop/kettles/", kind="category", ref="kettles", title="Kettles", at=now),
        view("/product/heron/?a=1", kind="product", ref="heron", title="Heron", at=now),
        view("/delivery/", title="Delivery &amp; returns", at=now + SECOND),
    )

    visit = Visit.objects.get()
    assert path_of(visit) == ["Kettles", "Heron", "Delivery & returns"]
    assert (visit.pages, visit.page_title) == (3, "Delivery & returns")
    assert visit.path.get(kind="product").path == "/product/heron/"


def test_a_visit_tells_whence_with_what_and_from_where():
    store(view("/", referrer="https://www.google.com/search?q=kettle", query="gclid=1"))

    visit = Visit.objects.get()
    assert (visit.source, visit.source_name, visit.phrase) == ("ad", "Google", "kettle")
    assert (visit.country, visit.browser, visit.device) == ("FI", "Safari 18", "phone")
    assert visit.campaign == {"gclid": "1"}


def test_no_address_is_stored_whole():
    store(view())

    visit = Visit.objects.get()
    assert visit.address == "85.76.1.0"
    assert FINLAND not in str(Visit.objects.values().get())


def test_many_views_are_written_with_as_many_statements_as_few():
    def count(size: int, offset: int) -> int:
        facts = [
            view(f"/p{number}/", kind="product", ref=str(number), by=browser(f"s{who}"))
            for who in range(offset, offset + size)
            for number in range(2)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            store(*facts)
        return len(queries)

    few = count(1, 0)
    assert count(10, 100) == few
    # Opened, read, visits, pages, closed.
    assert few <= 6


def test_a_page_view_itself_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        for _ in range(200):
            track_visit(view())


def test_what_waits_is_written_once():
    track_visit(view("/a/"), view("/b/"))

    assert flush_visits(at=timezone.now()) == 2
    assert flush_visits(at=timezone.now()) == 0
    assert Visit.objects.get().pages == 2


def test_bots_leave_nothing():
    track_visit(view(by=browser(user_agent="Googlebot/2.1")))

    assert flush_visits(at=timezone.now()) == 0
    assert not Visit.objects.exists()


def test_the_same_page_loaded_anew_is_one_step():
    store(view("/cart/"), view("/cart/"))
    store(view("/cart/"))

    assert Visit.objects.get().pages == 1


def test_a_pause_of_half_an_hour_begins_another_visit():
    now = timezone.now()
    store(view(at=now - 70 * MINUTE, referrer="https://ya.ru/"))
    store(view(at=now))

    first, second = Visit.objects.order_by("begun_at")
    assert (first.key, second.key) == ("", "s1")
    assert (second.earlier, second.source, second.first_source) == (
        1,
        "direct",
        "search",
    )
    assert second.first_source_name == "Yandex"


def test_two_browsers_are_two_visits():
    store(view(by=browser("s1")), view(by=browser("s2")))

    assert Visit.objects.count() == 2


def test_a_guessed_visit_goes_by_the_session_as_soon_as_there_is_one():
    store(view("/", by=browser("b1")))
    store(Seen(browser=browser("s1", "b1"), at=timezone.now()))
    store(view("/cart/", by=browser("s1")))
    # Somebody else behind the same address, with the same browser.
    store(view("/", by=browser("b1")))

    visit = Visit.objects.get(key="s1")
    assert path_of(visit) == ["/", "/cart/"]
    assert Visit.objects.count() == 2


def test_signing_in_keeps_the_visit_and_another_customer_begins_his_own():
    ann, ben = (
        get_user_model().objects.create_user(username=name) for name in ("ann", "ben")
    )
    store(view("/", by=browser("s1")))
    store(view("/a/", by=browser("s2", "s1", user_id=ann.pk)))
    store(view("/b/", by=browser("s2", user_id=ben.pk)))

    assert Visit.objects.get(user=ann).pages == 2
    assert Visit.objects.get(user=ben).pages == 1


def test_visible_time_is_added_to_the_page_it_belongs_to():
    now = timezone.now()
    store(view("/a/", at=now), view("/b/", at=now + SECOND))
    store(look("/a/", visible_s=10), look("/b/", visible_s=4, zone="Europe/Helsinki"))
    store(look("/b/", visible_s=5, is_leaving=True), look("/never/", visible_s=9))

    visit = Visit.objects.get()
    times = dict(visit.path.values_list("path", "visible_s"))
    assert times == {"/a/": 10, "/b/": 9}
    assert visit.zone == "Europe/Helsinki"
    assert visit.left_at is not None


def test_who_leaves_one_page_for_the_next_has_not_left():
    store(view("/a/"), look("/a/", is_leaving=True), view("/b/"))

    assert Visit.objects.get().left_at is None


def test_word_of_nobody_begins_no_visit():
    store(look("/a/"), happened("searched"), Seen(browser=browser(), at=timezone.now()))

    assert not Visit.objects.exists()


@pytest.mark.parametrize("zone", ["../../etc/passwd", "<b>", "Mars/Olympus"])
def test_a_zone_that_is_none_is_not_kept(zone):
    store(view("/a/"), look("/a/", zone=zone))

    assert Visit.objects.get().zone == ""


def test_a_product_seen_for_the_third_time_is_an_event_once():
    for _ in range(5):
        store(
            view("/product/heron/", kind="product", ref="heron", title="Heron"),
            view("/", title="Home"),
        )

    event = ShopEvent.objects.get()
    assert (event.kind, event.ref, event.number) == ("seen_again", "heron", 3)


def test_three_looks_within_one_second_count_too():
    facts = [
        view(path, kind="product", ref=path) for path in ("/a/", "/b/", "/a/", "/b/")
    ]
    store(*facts, view("/a/", kind="product", ref="/a/"))

    assert ShopEvent.objects.get().ref == "/a/"


def test_of_a_refused_form_only_the_names_of_fields_are_kept():
    store(
        view(), happened("form_error", data={"fields": ["postcode", HOSTILE], "x": 1})
    )

    fields = ShopEvent.objects.get().data["fields"]
    assert fields[0] == "postcode"
    assert set(ShopEvent.objects.get().data) == {"fields"}


def test_a_dialog_is_tied_to_the_visit_the_page_and_the_search():
    visitor = make_visitor()
    conversation = make_conversation(visitor=visitor)
    guess = browser("b1")
    store(
        view("/search/", by=guess),
        replace(happened("found_nothing", words="moka", number=0), browser=guess),
        view("/product/orbit/", kind="product", ref="orbit", title="Orbit", by=guess),
    )

    store(
        Begun(
            browser=guess,
            at=timezone.now(),
            conversation_id=conversation.pk,
            visitor_id=visitor.pk,
            visitor_key=key_of_visitor(visitor.public_id),
            path="https://shop.example/product/orbit/?a=b",
            title="Orbit · Shop",
        )
    )

    visit = Visit.objects.get()
    occasion = Occasion.objects.get(conversation=conversation)
    assert visit.visitor == visitor
    assert visit.key == key_of_visitor(visitor.public_id)
    assert (occasion.kind, occasion.ref, occasion.title) == (
        "product",
        "orbit",
        "Orbit",
    )
    assert (occasion.searched, occasion.hits) == ("moka", 0)
    assert (occasion.visit, occasion.country) == (visit, "FI")


def test_a_dialog_of_somebody_who_is_not_watched_still_has_its_page():
    conversation = make_conversation()
    store(view("/product/kiln/", kind="product", ref="kiln", by=browser("s9")))

    store(
        Begun(
            browser=browser(),
            at=timezone.now(),
            conversation_id=conversation.pk,
            visitor_id=conversation.visitor_id,
            path="/product/kiln/",
        )
    )

    occasion = Occasion.objects.get()
    assert (occasion.ref, occasion.visit, occasion.country) == ("kiln", None, "")


def test_a_cookie_of_ours_ties_a_visit_to_the_visitor():
    visitor = make_visitor()

    store(view(by=browser("v1", visitor=visitor.public_id)))

    assert Visit.objects.get().visitor == visitor


def test_a_cookie_of_a_customer_counts_only_under_his_login():
    ann, ben = (
        get_user_model().objects.create_user(username=name) for name in ("ann", "ben")
    )
    visitor = make_visitor(user_id=ann.pk)

    store(view(by=browser("v1", visitor=visitor.public_id, user_id=ben.pk)))
    store(view(by=browser("v2", visitor=uuid4())))

    assert not Visit.objects.exclude(visitor=None).exists()


@pytest.mark.parametrize(
    ("total", "is_due"), [("49.00", False), ("50.00", False), ("51.00", True)]
)
def test_a_cart_of_some_worth_is_looked_at_again(total, is_due):
    store(view(), cart_of(total, pieces=1))

    visit = Visit.objects.get()
    assert visit.cart_total == Decimal(total)
    assert (visit.idle_at is not None) is is_due


def test_an_emptied_cart_is_not():
    store(view(), cart_of("90.00", pieces=2))
    store(cart_of("0.00", pieces=0))

    assert Visit.objects.get().idle_at is None


def test_hostile_words_are_stored_as_one_harmless_line():
    who = browser(user_agent=HOSTILE, language=HOSTILE[:35], address=HOSTILE)
    store(
        view(
            f"/{HOSTILE}",
            title=HOSTILE * 9,
            referrer=f"https://evil.example/{HOSTILE}",
            query=f"utm_source={HOSTILE}&utm_term={HOSTILE}",
            by=replace(who, language="xx"),
        )
    )

    row = str(Visit.objects.values().get()) + str(VisitPage.objects.values().get())
    assert "\x00" not in row
    assert "\u202e" not in row
    assert len(Visit.objects.get().page_title) <= 200


def test_a_visit_without_end_is_cut_short():
    visit = make_visit("/")
    Visit.objects.update(pages=MOST_PAGES)

    store(view("/more/"))

    assert visit.path.count() == 1


def test_while_the_database_is_away_facts_wait(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OperationalError("away")

    track_visit(view("/a/"))
    with monkeypatch.context() as patch:
        patch.setattr(visits, "store_visits", refuse)
        with pytest.raises(OperationalError):
            flush_visits(at=timezone.now())
    track_visit(view("/b/"))

    assert flush_visits(at=timezone.now()) == 2
    assert path_of(Visit.objects.get()) == ["/a/", "/b/"]


def test_one_fact_that_is_refused_takes_no_other_with_it(monkeypatch, caplog):
    real = visits.store_visits

    def refuse_some(facts, *, at):
        if any(fact.path == "/bad/" for fact in facts):
            raise DataError("no")
        real(facts, at=at)

    monkeypatch.setattr(visits, "store_visits", refuse_some)
    track_visit(view("/a/"), view("/bad/"), view("/b/"))
    with caplog.at_level(logging.CRITICAL, logger="chatdesk.services.visits"):
        flush_visits(at=timezone.now())

    assert path_of(Visit.objects.get()) == ["/a/", "/b/"]


def test_over_the_bound_new_facts_are_left_out_and_counted(monkeypatch, caplog):
    monkeypatch.setattr(visits, "MOST", 3)

    track_visit(*(view(f"/{number}/") for number in range(5)))
    flush_visits(at=timezone.now())

    assert Visit.objects.get().pages == 3
    assert "2 facts" in caplog.text


@pytest.mark.parametrize(("idle_s", "is_hired"), [(0, False), (5, True)])
def test_where_nobody_flushes_a_thread_is_hired(monkeypatch, idle_s, is_hired):
    hired = []
    monkeypatch.setattr(visits, "_hire", lambda: hired.append(1))
    visits._buffer.flushed_at -= idle_s

    track_visit(view())

    assert bool(hired) is is_hired
