"""Search finds a dialog by who wrote and by what was said, among the newest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatdesk.models import Conversation, Visitor
from chatdesk.selectors import archive
from chatdesk.selectors.archive import find_conversations, has_dialogs
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

pytestmark = pytest.mark.django_db


def find(words: str) -> list[int]:
    """Return the ids of the dialogs found."""
    rows = Conversation.objects.begun()
    found = find_conversations(rows, words=words)
    return sorted(found.values_list("pk", flat=True))


def test_a_dialog_is_found_by_the_visitor() -> None:
    visitor = make_visitor(name="Ingrid Dahl")
    Visitor.objects.update(contact="+47 123", email="ingrid@example.com")
    conversation = make_conversation(visitor=visitor)
    make_conversation()

    for words in ("ingrid", "Dahl", "+47", "INGRID@EXAMPLE"):
        assert find(words) == [conversation.pk], words


def test_a_dialog_is_found_by_what_either_side_said_or_noted() -> None:
    anna = make_operator()
    conversation = make_conversation(
        operator=anna, entries=[("visitor", "Copper cezve?"), ("operator", "Tinned")]
    )
    say(conversation, actor_of_operator(anna), "Regular customer", is_note=True)
    make_conversation()

    for words in ("copper", "TINNED", "regular", "cezve tinned customer"):
        assert find(words) == [conversation.pk], words
    assert find("copper kettle") == []


def test_without_words_everything_is_found() -> None:
    pks = sorted(make_conversation().pk for _ in range(2))

    assert find("") == find("   ") == find("\0") == pks


def test_only_the_newest_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "CANDIDATES", 1)
    now = timezone.now()
    make_conversation(at=now - timedelta(days=1))
    newest = make_conversation(at=now)

    assert find("stock") == [newest.pk]


def test_a_shop_has_dialogs_once_somebody_wrote() -> None:
    make_conversation(entries=[])
    assert has_dialogs() is False

    make_conversation()
    assert has_dialogs() is True
