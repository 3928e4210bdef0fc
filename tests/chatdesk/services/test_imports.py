"""Dialogs of the past come into the log as if they had been written here."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from chatdesk.errors import ChatRefusal, Invalid
from chatdesk.models import (
    Assignment,
    Conversation,
    Effect,
    Entry,
    Operator,
    PresencePeriod,
    Rating,
    Visitor,
)
from chatdesk.selectors.unread import unread_of_visitor
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.imports import import_dialogs, import_presence
from chatdesk.services.past import PastDialog, PastEntry, PastPresence, PastVisitor
from tests.factories import make_operator

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ASKED_AT = AT - timedelta(days=7)
SECOND = timedelta(seconds=1)
SIGNE = PastVisitor(key=UUID(int=7), name="Signe", page_title="Kettle", language="en")

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(db: None) -> Operator:
    return make_operator(name="Anna")


def entries(anna: Operator) -> tuple[PastEntry, ...]:
    """Return a whole dialog."""
    return (
        PastEntry(ASKED_AT, text=" Is it in stock? "),
        PastEntry(ASKED_AT + 8 * SECOND, "taken", anna.pk, data={"name": "Anna"}),
        PastEntry(ASKED_AT + 9 * SECOND, "message", anna.pk, "Yes"),
        PastEntry(ASKED_AT + 10 * SECOND, "note", anna.pk, "Regular"),
        PastEntry(ASKED_AT + 60 * SECOND, text="Thanks"),
        PastEntry(ASKED_AT + 90 * SECOND, "closed", anna.pk, data={"outcome": "sale"}),
        PastEntry(ASKED_AT + 95 * SECOND, "rated", data={"thumb": "up"}),
    )


def dialog(anna: Operator, key: int = 1, *, visitor: PastVisitor = SIGNE) -> PastDialog:
    """Return a dialog of the past."""
    return PastDialog(UUID(int=key), visitor, True, entries(anna))


def test_the_log_is_dense_and_of_the_past(anna: Operator) -> None:
    assert import_dialogs([dialog(anna)], at=AT) == 1

    log = Entry.objects.order_by("seq")
    assert [entry.seq for entry in log] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.at - ASKED_AT for entry in log][2] == 9 * SECOND
    assert log[0].text == "Is it in stock?"
    assert [entry.seq for entry in log if entry.staff_only] == [4]
    assert {entry.author_id for entry in log if entry.author_kind == "o"} == {anna.pk}


def test_the_facts_are_those_of_the_dialog(anna: Operator) -> None:
    import_dialogs([dialog(anna)], at=AT)

    conversation = Conversation.objects.get()
    assert conversation.head == 7
    assert conversation.status == "closed"
    assert conversation.created_at == conversation.first_message_at == ASKED_AT
    assert conversation.first_reply_s == 9
    assert conversation.first_answered_by == conversation.operator == anna
    assert conversation.closed_at == ASKED_AT + 90 * SECOND
    assert conversation.latest_entry_at == ASKED_AT + 95 * SECOND
    assert (conversation.outcome, conversation.thumb) == ("sale", "up")
    assert (conversation.preview, conversation.preview_author) == ("Thanks", "v")
    assert conversation.waiting_since is None
    assert conversation.begun_online is True


def test_what_stands_beside_the_log_is_written_too(anna: Operator) -> None:
    import_dialogs([dialog(anna)], at=AT)

    held = Assignment.objects.get()
    assert (held.operator, held.to_at) == (anna, ASKED_AT + 90 * SECOND)
    rating = Rating.objects.get()
    assert (rating.operator, rating.rated_at) == (anna, ASKED_AT + 95 * SECOND)
    visitor = Visitor.objects.get()
    assert (visitor.name, visitor.created_at) == ("Signe", ASKED_AT)
    assert unread_of_visitor(actor=actor_of(visitor)) == 0


def test_nothing_is_promised_for_what_is_over(anna: Operator) -> None:
    import_dialogs([dialog(anna)], at=AT)

    assert not Effect.objects.exists()


def test_an_import_can_be_repeated(anna: Operator) -> None:
    import_dialogs([dialog(anna)], at=AT)

    assert import_dialogs([dialog(anna), dialog(anna, 2)], at=AT) == 1
    assert Conversation.objects.count() == 2
    assert Entry.objects.count() == 14


def test_the_same_key_is_the_same_visitor(anna: Operator) -> None:
    other = PastVisitor(key=UUID(int=8))

    import_dialogs(
        [dialog(anna, 1), dialog(anna, 2), dialog(anna, 3, visitor=other)], at=AT
    )
    import_dialogs([dialog(anna, 4)], at=AT)

    assert Visitor.objects.count() == 2


def test_hundreds_take_few_statements(
    anna: Operator, django_assert_max_num_queries: object
) -> None:
    dialogs = [dialog(anna, key) for key in range(1, 251)]

    with django_assert_max_num_queries(250):  # type: ignore[operator]
        assert import_dialogs(dialogs, at=AT) == 250

    assert Entry.objects.count() == 250 * 7


BAD = {
    "nothing": lambda good: (),
    "an answer first": lambda good: good[2:],
    "never closed": lambda good: good[:5],
    "closed twice": lambda good: (*good, good[5], good[5]),
    "backwards in time": lambda good: (good[0], good[4], good[2], good[5]),
    "an unknown kind": lambda good: (
        *good,
        PastEntry(AT, "waved"),
    ),
    "no words": lambda good: (PastEntry(ASKED_AT, text="  "), good[5]),
    "a NUL": lambda good: (PastEntry(ASKED_AT, text="a\0b"), good[5]),
    "too many words": lambda good: (PastEntry(ASKED_AT, text="x" * 4001), good[5]),
}


@pytest.mark.parametrize("flaw", BAD)
def test_a_flawed_dialog_is_refused_and_nothing_written(
    anna: Operator, flaw: str
) -> None:
    bad = PastDialog(UUID(int=9), SIGNE, True, BAD[flaw](entries(anna)))

    with pytest.raises(ChatRefusal):
        import_dialogs([dialog(anna), bad], at=AT)

    assert not Entry.objects.exists()
    assert not Visitor.objects.exists()


def test_presence_is_written_for_those_who_have_none(anna: Operator) -> None:
    dmitry = make_operator(name="Dmitry")
    hour = timedelta(hours=1)
    periods = [
        PastPresence(anna.pk, "online", AT - 3 * hour, AT - 2 * hour),
        PastPresence(anna.pk, "offline", AT - 2 * hour),
    ]
    import_presence(periods)

    import_presence([*periods, PastPresence(dmitry.pk, "away", AT - hour, AT)])

    rows = PresencePeriod.objects.order_by("pk")
    assert [(row.operator.name, row.state) for row in rows] == [
        ("Anna", "online"),
        ("Anna", "offline"),
        ("Dmitry", "away"),
    ]


def test_a_state_that_is_none_is_refused(anna: Operator) -> None:
    with pytest.raises(ValueError, match="asleep"):
        import_presence([PastPresence(anna.pk, "asleep", AT)])


def test_the_refusal_says_what_is_wrong(anna: Operator) -> None:
    with pytest.raises(Invalid, match="begins with a message"):
        import_dialogs([PastDialog(UUID(int=9), SIGNE, True, ())], at=AT)
