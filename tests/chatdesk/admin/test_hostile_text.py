"""What a visitor writes is text on every manager page, never markup."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from chatdesk.models import Conversation, Effect, Visitor
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.effects import Promise, promise_effects
from chatdesk.services.ratings import rate_conversation
from tests.factories import make_conversation, make_operator, make_visitor, say

LIST = "/admin/chatdesk/conversation/"
MINUTE = timedelta(minutes=1)

ATTACKS = {
    "name": "<script>alert('name')</script>",
    "contact": "\"><svg onload=alert('contact')>",
    "user_agent": "'><img src=x onerror=alert('agent')>",
    "page_title": "</dd></dl><script>alert('title')</script>",
    "page_url": "javascript:alert('url')",
    "referrer": "https://evil.example/\"><script>alert('referrer')</script>",
}
TEXT = "<b>bold</b> {{ settings.SECRET_KEY }} </p><script>alert('text')</script>"
COMMENT = "</q><script>alert('comment')</script>"

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(db: None) -> Conversation:
    """Return a dialog in which everything a visitor controls is an attack."""
    visitor = make_visitor()
    Visitor.objects.filter(pk=visitor.pk).update(**ATTACKS)
    conversation = make_conversation(
        visitor=visitor,
        operator=make_operator(),
        entries=[("visitor", TEXT), ("operator", "Hello")],
        closed_as="answered",
        at=timezone.now() - MINUTE,
    )
    actor = actor_of(visitor)
    say(conversation, actor, TEXT)
    rate_conversation(
        conversation_id=conversation.pk,
        actor=actor,
        thumb="down",
        comment=COMMENT,
        at=timezone.now(),
    )
    return conversation


def check(page: str) -> None:
    """Fail when an attack is markup, an attribute or an address on the page."""
    assert "<script>alert" not in page
    assert "<svg onload" not in page
    assert "<img src=x" not in page
    assert "<b>bold" not in page
    assert not re.search(r"""(href|src)=["']?\s*javascript:""", page)


def test_the_list_shows_text(manager: Client, conversation: Conversation) -> None:
    page = manager.get(LIST).content.decode()

    check(page)
    assert "&lt;script&gt;alert(&#x27;name&#x27;)" in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


@pytest.mark.parametrize("words", ["<script>alert('name')", '"><svg onload=x>'])
def test_a_search_shows_its_words_as_text(
    manager: Client, conversation: Conversation, words: str
) -> None:
    response = manager.get(LIST, {"q": words, "status": "waiting"})

    check(response.content.decode())


def test_the_transcript_shows_text(manager: Client, conversation: Conversation) -> None:
    page = manager.get(f"{LIST}{conversation.pk}/change/").content.decode()

    check(page)
    assert "&lt;b&gt;bold&lt;/b&gt; {{ settings.SECRET_KEY }}" in page
    assert "alert(&#x27;comment&#x27;)" in page
    assert "alert(&#x27;referrer&#x27;)" in page
    assert "alert(&#x27;agent&#x27;)" in page
    assert page.count("alert(&#x27;name&#x27;)") >= 3


def test_the_visitors_page_is_linked_only_when_it_is_one(
    manager: Client, conversation: Conversation
) -> None:
    path = f"{LIST}{conversation.pk}/change/"
    Visitor.objects.update(page_url="https://shop.example/kettle", page_title="Kettle")

    page = manager.get(path).content.decode()

    assert 'href="https://shop.example/kettle" rel="noopener noreferrer' in page


@pytest.mark.parametrize("address", ["//evil.example", "data:text/html,x", "http://["])
def test_other_addresses_are_no_links(
    manager: Client, conversation: Conversation, address: str
) -> None:
    Visitor.objects.update(page_url=address, page_title="Kettle")

    page = manager.get(f"{LIST}{conversation.pk}/change/").content.decode()

    assert f'href="{address}' not in page
    assert "Kettle" in page


def test_the_other_dialogs_of_a_visitor_show_text(
    manager: Client, conversation: Conversation
) -> None:
    Conversation.objects.update(status="closed", preview=TEXT)
    other = make_conversation(visitor=conversation.visitor)

    check(manager.get(f"{LIST}{other.pk}/change/").content.decode())


def test_the_performance_page_shows_text(
    manager: Client, conversation: Conversation
) -> None:
    operator = conversation.operator or make_operator()
    operator.name = ATTACKS["name"]
    operator.save()

    page = manager.get("/admin/chatdesk/operator/performance/").content.decode()

    check(page)
    assert page.count("&lt;script&gt;alert(&#x27;name&#x27;)") == 3


def test_operators_and_effects_show_text(
    manager: Client, conversation: Conversation
) -> None:
    operator = make_operator(name=ATTACKS["name"])
    promise = Promise(
        kind=Effect.Kind.TRANSCRIPT_MAIL,
        conversation_id=conversation.pk,
        key="copy",
        due_at=timezone.now(),
        target="\"<script>alert('mail')</script>\"@example.com",
    )
    promise_effects([promise], at=timezone.now())
    Effect.objects.update(error="<script>alert('error')</script>")
    effect = Effect.objects.get(key="copy")

    for path in (
        "/admin/chatdesk/operator/",
        f"/admin/chatdesk/operator/{operator.pk}/change/",
        "/admin/chatdesk/effect/",
        f"/admin/chatdesk/effect/{effect.pk}/change/",
    ):
        check(manager.get(path).content.decode())


def test_the_history_shows_text(manager: Client, conversation: Conversation) -> None:
    LogEntry.objects.create(
        user_id=conversation.operator.user_id if conversation.operator else 0,
        content_type=ContentType.objects.get_for_model(Conversation),
        object_id=str(conversation.pk),
        object_repr=TEXT,
        action_flag=CHANGE,
        change_message=TEXT,
    )

    check(manager.get(f"{LIST}{conversation.pk}/history/").content.decode())
