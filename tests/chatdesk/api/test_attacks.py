"""Requests that another site makes a browser send."""

from uuid import uuid4

import pytest
from django.test import Client

from chatdesk.models import Entry
from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import make_conversation, make_operator

pytestmark = pytest.mark.django_db

FOREIGN = [
    "null", "", "http://testserver:8080", "https://testserver", "http://evil.example",
    "http://testserver.evil.example", "http://evil-testserver", "http://test",
    "http://testserver/", "http://testserver@evil.example", "//testserver",
    "file://", "chrome-extension://testserver", "ftp://testserver", "testserver",
    "http://testserver, http://evil.example", "http://[::1]", "*",
]  # fmt: skip


@pytest.fixture
def conversation():
    return make_conversation()


@pytest.fixture
def widget(conversation):
    return Page(conversation.visitor)


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_origin_says_nothing(conversation, widget, origin):
    widget.headers["Origin"] = origin

    answer = widget.say(conversation, "from elsewhere")

    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert Entry.objects.count() == 1


def test_without_an_origin_the_browser_must_vouch(conversation, widget):
    del widget.headers["Origin"]

    statuses = []
    for site in (None, "none", "same-site", "cross-site", "same-origin"):
        widget.headers.pop("Sec-Fetch-Site", None)
        if site is not None:
            widget.headers["Sec-Fetch-Site"] = site
        statuses.append(widget.say(conversation, "hello").status_code)

    assert statuses == [403, 403, 403, 403, 201]


def test_an_origin_is_not_outvoted_by_another_header(conversation, widget):
    widget.headers |= {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}

    assert widget.say(conversation, "hello").status_code == 403


def test_origins_that_the_shop_lists_are_its_own(conversation, widget, settings):
    settings.CHATDESK = {"ALLOWED_ORIGINS": ("https://m.shop.example",)}
    widget.headers["Origin"] = "https://m.shop.example"

    assert widget.say(conversation, "hello").status_code == 201


@pytest.mark.parametrize(
    "path", ["session/", "conversations/", "conversations/{id}/close/"]
)
def test_every_word_of_a_visitor_needs_the_origin(conversation, widget, path):
    widget.headers["Origin"] = "http://evil.example"

    answer = widget.post(path.replace("{id}", conversation.public_id.hex))

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "",
     "text/plain; application/json", "application/json-seq", "*/*"],
)  # fmt: skip
def test_only_json_is_read(conversation, widget, content_type):
    desk = Desk(make_operator())
    for caller in (widget, desk):
        answer = caller.post_raw(
            of(conversation, "messages"),
            b'{"body":{"text":"a form wrote this"}}',
            headers={"Idempotency-Key": uuid4().hex},
            content_type=content_type,
        )
        assert answer.status_code == 415
        assert answer.json()["code"] == "invalid"
    assert Entry.objects.count() == 1


def test_an_empty_form_says_nothing_either(conversation, widget):
    answer = widget.post_raw(
        of(conversation, "close"), b"", content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 415
    conversation.refresh_from_db()
    assert not conversation.is_closed


def test_json_may_name_its_charset(conversation, widget):
    answer = widget.post_raw(
        of(conversation, "messages"),
        b'{"body":{"text":"hello"}}',
        headers={"Idempotency-Key": uuid4().hex},
        content_type="application/json; charset=utf-8",
    )

    assert answer.status_code == 201


def test_the_workspace_needs_the_csrf_token(conversation):
    desk = Desk(make_operator(), checks_csrf=True)

    refused = desk.post(of(conversation, "take"))
    desk.client.cookies["csrftoken"] = "a" * 32
    desk.headers["X-CSRFToken"] = "b" * 32
    mismatched = desk.post(of(conversation, "take"))
    desk.headers["X-CSRFToken"] = "a" * 32
    taken = desk.post(of(conversation, "take"))

    assert [refused.status_code, mismatched.status_code, taken.status_code] == [
        403,
        403,
        200,
    ]
    assert refused.json()["code"] == "forbidden"


def test_a_method_that_is_not_offered_is_refused_in_the_same_shape(
    widget, conversation
):
    for path in ("session/", of(conversation, "messages")):
        answer = widget.get(path)
        assert (answer.status_code, answer.json()["code"]) == (405, "invalid")
    answer = widget.post(of(conversation, "events"))
    assert (answer.status_code, answer.json()["code"]) == (405, "invalid")


def test_no_answer_is_for_a_cache(widget, conversation):
    desk = Desk(make_operator())
    answers = [
        widget.get("status/"),
        widget.get(of(conversation, "events")),
        widget.get("conversations/x/events/"),
        widget.post("session/"),
        widget.say(conversation, "hello"),
        widget.post("conversations/x/close/"),
        Page().get(of(conversation, "events")),
        desk.get("session/"),
        desk.get("conversations/x/"),
        Desk().get("inbox/"),
    ]
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert {"Cookie", "Origin"} <= set(answer["Vary"].split(", "))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/json"


def test_no_secret_is_taken_from_the_address(conversation, widget):
    """What is in an address is in logs and referrers."""
    stranger = Client()
    path = f"/chatdesk/api/v1/visitor/{of(conversation, 'events')}"

    answer = stranger.get(
        path, {"chatdesk_visitor": widget.cookie, "token": widget.cookie}
    )

    assert answer.status_code == 401
