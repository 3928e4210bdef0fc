"""Before and while a conversation begins."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from chatdesk.models import Conversation, Visitor
from chatdesk.selectors.recent import recent_availability
from chatdesk.tokens import read_visitor_cookie
from chatdesk.wire.objects import Availability
from tests.chatdesk.api.callers import Page, of
from tests.factories import bring_online, make_conversation, make_operator, make_visitor

pytestmark = pytest.mark.django_db

SEEN = {
    "page_url": "https://shop.example/kettle?token=secret",
    "page_title": "Kettle",
    "language": "en",
}


def test_status_says_who_is_there_in_half_a_kilobyte():
    for name in ("Anna Petrovna", "Boris Nikolaevich", "Clara", "Dmitry", "Eva"):
        bring_online(make_operator(name=name))

    answer = Page().get("status/")

    assert answer.json()["state"] == "online"
    assert answer.json()["online"] == 5
    assert len(answer.content) <= 512


def test_status_leaves_no_cookie_and_asks_for_no_session():
    user = get_user_model().objects.create_user("ann", "ann@shop.example", "demo")

    answer = Page(user=user).get("status/")

    assert answer.status_code == 200
    assert not answer.cookies


def test_session_of_a_stranger_makes_nobody():
    answer = Page().post("session/", SEEN)

    assert answer.status_code == 200
    assert answer.json()["visitor"] == ""
    assert "conversations" not in answer.json()
    assert not answer.cookies
    assert not Visitor.objects.exists()


def test_session_of_a_known_visitor_brings_his_conversations():
    conversation = make_conversation()

    answer = Page(conversation.visitor).post("session/", SEEN).json()

    assert answer["visitor"] == str(conversation.visitor_id)
    (known,) = answer["conversations"]
    assert (known["id"], known["head"]) == (conversation.public_id.hex, 1)


def test_session_notes_the_page_without_what_is_behind_the_question_mark():
    visitor = make_visitor()

    Page(visitor).post("session/", SEEN)

    visitor.refresh_from_db()
    assert visitor.page_url == "https://shop.example/kettle"


def test_session_renews_a_cookie_that_is_older_than_a_day():
    page = Page(make_visitor())
    old = page.cookie

    assert not page.post("session/").cookies
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        page.post("session/")

    assert page.cookie != old
    assert read_visitor_cookie(page.cookie) == read_visitor_cookie(old)


def test_a_forged_cookie_is_a_stranger():
    visitor = make_visitor()
    page = Page()
    for value in (visitor.public_id.hex, f"{visitor.public_id.hex}:1:x", "é", ""):
        page.cookie = value
        assert page.post("session/").json()["visitor"] == ""


def test_the_first_message_makes_visitor_conversation_and_cookie():
    page = Page()

    answer = page.post("conversations/", SEEN)

    conversation = Conversation.objects.get()
    assert answer.status_code == 201
    assert answer.json()["id"] == conversation.public_id.hex
    cookie = answer.cookies["chatdesk_visitor"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    assert read_visitor_cookie(cookie.value) == conversation.visitor.public_id
    assert conversation.language == "en"
    assert conversation.visitor.page_title == "Kettle"


def test_a_cookie_given_over_tls_stays_there():
    page = Page()
    page.headers["Origin"] = "https://testserver"

    answer = page.client.post(
        "/chatdesk/api/v1/visitor/conversations/",
        "{}",
        content_type="application/json",
        headers=page.headers,
        secure=True,
    )

    assert answer.cookies["chatdesk_visitor"]["secure"]


def test_an_unfinished_conversation_is_returned_instead_of_a_second_one():
    page = Page()
    first = page.post("conversations/", SEEN)

    again = page.post("conversations/", SEEN)

    assert again.status_code == 200
    assert again.json()["id"] == first.json()["id"]
    assert Visitor.objects.count() == 1


@pytest.mark.usefixtures("still")
def test_an_address_begins_so_many_conversations_and_no_more(settings):
    settings.CHATDESK = {"START_RATE": "2/h"}
    statuses = [Page().post("conversations/").status_code for _ in range(3)]

    refused = Page().post("conversations/")

    assert statuses == [201, 201, 429]
    assert refused.json()["code"] == "rate"
    assert refused.json()["retry_after"] > 0
    assert int(refused["Retry-After"]) >= refused.json()["retry_after"]
    assert Conversation.objects.count() == 2


def test_asking_again_for_the_same_conversation_is_not_counted(settings):
    settings.CHATDESK = {"START_RATE": "1/h"}
    page = Page()

    assert [page.post("conversations/").status_code for _ in range(4)] == [
        201,
        200,
        200,
        200,
    ]


def test_a_customers_visitor_counts_only_for_that_customer():
    users = get_user_model().objects
    ann = users.create_user("ann", "ann@shop.example", "demo")
    bob = users.create_user("bob", "bob@shop.example", "demo")
    page = Page(user=ann)
    conversation = page.post("conversations/", SEEN).json()["id"]
    path = f"conversations/{conversation}/events/"

    assert page.get(path).status_code == 200
    page.client.force_login(bob)
    assert page.get(path).status_code == 401
    assert page.post("session/").json()["visitor"] == ""
    page.client.cookies.pop("sessionid")
    assert page.get(path).status_code == 401
    page.client.force_login(ann)
    assert page.get(path).status_code == 200


def test_a_dialog_of_a_stranger_who_signs_in_is_gone_after_his_logout():
    users = get_user_model().objects
    ann = users.create_user("ann", "ann@shop.example", "demo")
    bob = users.create_user("bob", "bob@shop.example", "demo")
    page = Page()
    conversation = page.post("conversations/", SEEN).json()["id"]
    path = f"conversations/{conversation}/events/"

    page.client.force_login(ann)
    assert page.get(path).status_code == 200
    assert Visitor.objects.get().user == ann
    page.client.cookies.pop("sessionid")
    for next_user in (None, bob):
        if next_user is not None:
            page.client.force_login(next_user)
        assert page.get(path).status_code == 401
    assert page.post("session/").json()["visitor"] == ""


def test_a_cookie_that_opens_nothing_any_more_is_forgotten():
    ann = get_user_model().objects.create_user("ann", "ann@shop.example", "demo")
    page = Page(user=ann)
    page.post("conversations/", SEEN)
    page.client.cookies.pop("sessionid")

    answer = page.post("session/")

    cookie = answer.cookies["chatdesk_visitor"]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, "/")
    assert "chatdesk_visitor" not in page.post("session/").cookies


def test_a_customer_finds_his_dialog_on_another_device():
    ann = get_user_model().objects.create_user("ann", "ann@shop.example", "demo")
    laptop, phone = Page(user=ann), Page(user=ann)
    conversation = laptop.post("conversations/", SEEN).json()["id"]

    session = phone.post("session/").json()

    assert [each["id"] for each in session["conversations"]] == [conversation]
    assert read_visitor_cookie(phone.cookie) == read_visitor_cookie(laptop.cookie)


def test_after_logout_the_next_message_begins_as_somebody_else():
    ann = get_user_model().objects.create_user("ann", "ann@shop.example", "demo")
    page = Page(user=ann)
    page.post("conversations/", SEEN)
    before = page.cookie
    page.client.cookies.pop("sessionid")

    answer = page.post("conversations/", SEEN)

    assert answer.status_code == 201
    assert read_visitor_cookie(page.cookie) != read_visitor_cookie(before)
    assert Visitor.objects.count() == 2


def test_a_host_that_makes_requests_atomic_gets_the_same(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    conversation = make_conversation(entries=())
    page = Page(conversation.visitor)

    assert page.say(conversation, "Is it in stock?").status_code == 201
    assert page.get(of(conversation, "events")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_no_transaction_of_the_host_is_around_a_view(monkeypatch):
    """What is answered must be stored, and an outer commit would come after that."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    around = []

    def look():
        around.append(connection.in_atomic_block)
        return Availability(state="away")

    monkeypatch.setattr(recent_availability, "get", look)

    assert Page().get("status/").status_code == 200
    assert around == [False]
