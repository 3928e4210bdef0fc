"""Bodies that no page of ours sends: 400 or 413 with a code, and nothing is stored."""

import json
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import translation
from django.utils.translation import gettext

from chatdesk.models import Entry
from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import make_conversation, make_operator

pytestmark = pytest.mark.django_db


def message(text: str) -> bytes:
    """Return a message whose text is written as given, escapes and all."""
    return b'{"body":{"text":"' + text.encode(errors="surrogatepass") + b'"}}'


BROKEN = {
    "nothing": b"",
    "no json": b"{not json",
    "null": b"null",
    "number": b"7",
    "text": b'"str"',
    "list": b"[]",
    "object": b"{}",
    "two values": b'{"body":{"text":"a"}}{}',
    "byte": b"\xff",
    "half of utf-8": b'{"body":{"text":"\xc3"}}',
    "utf-16": '{"body":{"text":"a"}}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"body":{"text":"a"}}',
    "nan": b'{"body":{"text":NaN}}',
    "long number": b'{"body":{"text":' + b"9" * 5000 + b"}}",
    "nested lists": b"[" * 15_000,
    "nested objects": b'{"body":' * 1_900,
    "nested text": b'{"body":{"text":' + b"[" * 10_000 + b"]" * 1_000,
    "nul": message("a\\u0000b"),
    "raw nul": message("a\0b"),
    "lone high surrogate": message("a\\ud800b"),
    "lone low surrogate": message("a\\udc00b"),
    "surrogate bytes": message("a\ud800b"),
    "empty text": message(""),
    "spaces": message("  \\n\\t "),
    "text as number": b'{"body":{"text":1}}',
    "text as list": b'{"body":{"text":["a"]}}',
    "text as null": b'{"body":{"text":null}}',
    "body as text": b'{"body":"a"}',
    "kind unknown": b'{"body":{"text":"a"},"kind":"taken"}',
    "kind as list": b'{"body":{"text":"a"},"kind":["message"]}',
}
LONG = {
    "too many characters": message("a" * 4001),
    "too many bytes": message("a" * 40_000),
    "a great many bytes": b'{"junk":"' + b"a" * 3_000_000 + b'","body":{"text":"a"}}',
}


@pytest.fixture
def conversation():
    return make_conversation(entries=())


@pytest.fixture
def widget(conversation):
    return Page(conversation.visitor)


@pytest.mark.parametrize("name", [*BROKEN, *LONG])
def test_a_bad_body_is_refused_with_a_code(name, conversation, widget):
    body = {**BROKEN, **LONG}[name]

    answer = widget.post_raw(
        of(conversation, "messages"), body, headers={"Idempotency-Key": uuid4().hex}
    )

    allowed = {(400, "invalid"), (413, "too_large")}
    assert (answer.status_code, answer.json()["code"]) in allowed
    if name in BROKEN:
        assert answer.status_code == 400
    assert not Entry.objects.exists()
    assert widget.say(conversation, "still here").status_code == 201


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_body_is_refused_by_the_workspace_too(name):
    operator = make_operator()
    conversation = make_conversation()
    desk = Desk(operator)
    desk.post(of(conversation, "take"))

    answer = desk.post_raw(
        of(conversation, "messages"),
        BROKEN[name],
        headers={"Idempotency-Key": uuid4().hex},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("marks", {"read": -1}),
        ("marks", {"read": "1"}),
        ("marks", {"read": 1.5}),
        ("marks", {"read": 2**60}),
        ("marks", {"read": None}),
        ("rating", {}),
        ("rating", {"thumb": "sideways"}),
        ("rating", {"thumb": True}),
        ("rating", {"thumb": "up", "comment": "x" * 1001}),
        ("close", {"outcome": "won the lottery"}),
        ("transcript", {"email": ["a@example.com"]}),
        ("transcript", {"email": "a" * 300 + "@example.com"}),
        ("typing", {"text": "x" * 2001}),
        ("typing", {"text": {"toString": "x"}}),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(path, body):
    conversation = make_conversation()

    answer = Page(conversation.visitor).post(of(conversation, path), body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "body", [b"[]", b'{"page_url":1}', b'{"language":"' + b"x" * 40]
)
@pytest.mark.parametrize("path", ["session/", "conversations/"])
def test_a_bad_beginning_makes_nobody(path, body):
    answer = Page().post_raw(path, body)

    assert answer.status_code == 400
    assert not answer.cookies


@pytest.mark.parametrize(
    "query",
    ["after=x", "after=-1", "after=1.0", "after=1e3", "after=%D9%A1", "after=%201",
     "after=99999999999999999", "after=9007199254740993"],
)  # fmt: skip
def test_a_cursor_is_a_number(query, conversation, widget):
    answer = widget.get(f"{of(conversation, 'events')}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_no_word_of_the_input_comes_back():
    conversation = make_conversation()
    widget, canary = Page(conversation.visitor), "<canary-4711>"
    for path in ("messages", "rating", "close", "marks", "transcript", "typing"):
        for body in (
            {"body": {"text": 1}, "kind": canary, "thumb": canary, "outcome": canary,
             "read": canary, "email": canary, "text": [canary]},
            {canary: canary},
        ):  # fmt: skip
            answer = widget.post(of(conversation, path), body, key=uuid4().hex)
            assert canary not in answer.content.decode()
    answer = widget.get(f"conversations/{canary}/events/?after={canary}")
    assert "canary" not in answer.content.decode()


def test_markup_is_stored_and_told_as_the_text_it_is(conversation, widget):
    text = "<img src=x onerror=alert(1)> {{7*7}} {% load %} ${1} \u202e"

    widget.say(conversation, text)

    (item,) = widget.get(of(conversation, "events")).json()["items"]
    assert item["text"] == text


def test_four_thousand_of_the_widest_letters_are_not_too_long(conversation, widget):
    text = "🧭" * 4000

    answer = widget.post_raw(
        of(conversation, "messages"),
        json.dumps({"body": {"text": text}}, ensure_ascii=False).encode(),
        headers={"Idempotency-Key": uuid4().hex},
    )

    assert answer.status_code == 201
    assert Entry.objects.get().text == text


def test_a_database_that_does_not_answer_is_told_as_such(
    conversation, widget, monkeypatch
):
    def fail(*_args, **_kwargs):
        raise OperationalError("could not connect to host db.internal")

    monkeypatch.setattr("chatdesk.api.twins.post_message", fail)

    answer = widget.say(conversation, "hello")

    assert (answer.status_code, answer.json()["code"]) == (503, "db")
    assert "internal" not in answer.content.decode()
    assert answer["Retry-After"]


def test_texts_of_refusals_are_in_the_language_of_the_page(conversation, widget):
    widget.headers["Accept-Language"] = "ru"

    answer = widget.post_raw("session/", b"", content_type="text/plain")

    assert answer["Content-Language"] == "ru"
    with translation.override("ru"):
        assert answer.json()["text"] == gettext("This could not be done.")
