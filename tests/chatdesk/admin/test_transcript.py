"""A transcript reads like the conversation that it was."""

from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.admin.transcript import Line, lay_out
from chatdesk.models import Conversation, Entry, Operator
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import (
    close_conversation,
    release_conversation,
    take_back_conversations,
    take_conversation,
)
from chatdesk.services.ratings import rate_conversation
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

AT = datetime(2026, 11, 20, 12, 58, tzinfo=UTC)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


class Play:
    """A dialog between Signe and Anna, whose words come when they are told."""

    def __init__(self) -> None:
        self.anna = actor_of_operator(make_operator(name="Anna"))
        visitor = make_visitor(name="Signe")
        self.visitor = actor_of(visitor)
        self.conversation = make_conversation(visitor=visitor, entries=[], at=AT)

    def asks(self, text: str, *, second: float) -> None:
        say(self.conversation, self.visitor, text, at=AT + second * SECOND)

    def takes(self, *, second: float) -> None:
        take_conversation(
            conversation_id=self.conversation.pk,
            actor=self.anna,
            at=AT + second * SECOND,
        )

    def answers(self, text: str, *, second: float, is_note: bool = False) -> None:
        at = AT + second * SECOND
        say(self.conversation, self.anna, text, at=at, is_note=is_note)

    def lines(self, *, second: float = 3600) -> list[Line]:
        """Return the transcript as it looks at a moment."""
        conversation = Conversation.objects.get(pk=self.conversation.pk)
        entries = Entry.objects.filter(conversation=conversation).order_by("seq")
        at = AT + second * SECOND
        return lay_out(entries, conversation=conversation, at=at)

    def looks(self, *, second: float = 3600) -> list[str]:
        """Return what kinds of lines the transcript has."""
        return [line.look for line in self.lines(second=second)]


@pytest.fixture
def play() -> Play:
    return Play()


def texts(lines: list[Line], look: str) -> list[str]:
    """Return the words of the lines of one kind."""
    return [line.text for line in lines if line.look == look]


def test_both_sides_have_their_bubbles(play: Play) -> None:
    play.asks("Do you gift wrap?", second=0)
    play.takes(second=5)
    play.answers("Yes", second=9)

    lines = play.lines()

    assert [line.look for line in lines] == ["day", "visitor", "event", "operator"]
    assert [line.author for line in lines[1::2]] == ["Signe", "Anna"]
    assert lines[2].text == "Anna joined"
    assert lines[3].remark == "first reply in 9 s"


def test_only_the_first_reply_is_remarked(play: Play) -> None:
    play.asks("One", second=0)
    play.takes(second=5)
    play.answers("Two", second=9)
    play.asks("Three", second=12)
    play.answers("Four", second=15)

    assert [line.remark for line in play.lines()].count("first reply in 9 s") == 1


def test_words_in_a_row_are_under_one_name(play: Play) -> None:
    play.asks("One", second=0)
    play.asks("Two", second=1)
    play.takes(second=2)
    play.asks("Three", second=3)

    bubbles = [line for line in play.lines() if line.look == "visitor"]

    assert [line.is_first for line in bubbles] == [True, False, True]


@pytest.mark.parametrize(("second", "gaps"), [(20, []), (20.001, ["20 s"])])
def test_a_wait_over_the_limit_is_drawn(
    play: Play, second: float, gaps: list[str]
) -> None:
    play.asks("Hello?", second=0)
    play.takes(second=1)
    play.answers("Yes", second=second)

    drawn = texts(play.lines(), "gap")

    assert drawn == [f"{gap} without an answer" for gap in gaps]


def test_a_wait_counts_from_the_first_unanswered_word(play: Play) -> None:
    play.asks("Hello?", second=0)
    play.asks("Anybody?", second=18)
    play.takes(second=19)
    play.answers("Yes", second=31)

    lines = play.lines()

    assert texts(lines, "gap") == ["31 s without an answer"]
    assert lines[-2].look == "gap"


def test_a_note_is_no_answer(play: Play) -> None:
    play.asks("Hello?", second=0)
    play.takes(second=1)
    play.answers("Ask Dmitry", second=5, is_note=True)
    play.answers("Yes", second=31)

    lines = play.lines()

    assert texts(lines, "note") == ["Ask Dmitry"]
    assert texts(lines, "gap") == ["31 s without an answer"]


def test_a_dialog_that_was_never_answered_shows_its_wait(play: Play) -> None:
    play.asks("Hello?", second=0)
    close_conversation(
        conversation_id=play.conversation.pk,
        actor=play.visitor,
        at=AT + 95 * SECOND,
    )

    lines = play.lines()

    assert texts(lines, "gap") == ["1 min 35 s without an answer"]
    assert lines[-1].text == "Signe ended the dialog"


def test_a_last_thank_you_needs_no_answer(play: Play) -> None:
    play.asks("Hello?", second=0)
    play.takes(second=1)
    play.answers("Yes?", second=5)
    play.asks("Found it, thanks", second=10)
    close_conversation(
        conversation_id=play.conversation.pk,
        actor=play.anna,
        outcome="answered",
        at=AT + 95 * SECOND,
    )

    lines = play.lines()

    assert texts(lines, "gap") == []
    assert lines[-1].text == "Anna closed the dialog: Answered"


def test_whoever_waits_now_is_seen(play: Play) -> None:
    play.asks("Hello?", second=0)

    assert play.looks(second=19) == ["day", "visitor"]
    assert texts(play.lines(second=40), "gap") == ["Waits for an answer, 40 s"]


def test_everything_that_happened_is_told(play: Play) -> None:
    play.asks("Hello?", second=0)
    play.takes(second=1)
    release_conversation(
        conversation_id=play.conversation.pk, actor=play.anna, at=AT + 2 * SECOND
    )
    play.takes(second=3)
    close_conversation(
        conversation_id=play.conversation.pk,
        actor=play.anna,
        outcome="sale",
        at=AT + 4 * SECOND,
    )
    play.asks("One more thing", second=5)
    rate_conversation(
        conversation_id=play.conversation.pk,
        actor=play.visitor,
        thumb="up",
        comment="Kind",
        at=AT + 6 * SECOND,
    )

    assert texts(play.lines(), "event") == [
        "Anna joined",
        "Anna gave the dialog back to the line",
        "Anna joined",
        "Anna closed the dialog: Sale",
        "Signe wrote again",
        "Rated: like “Kind”",
    ]


def test_a_new_day_is_named(play: Play) -> None:
    play.asks("Good evening", second=0)
    play.asks("Good morning", second=20 * 3600)

    assert play.looks()[:4] == ["day", "visitor", "day", "visitor"]


def test_a_kind_from_the_future_is_skipped(play: Play) -> None:
    play.asks("Hello?", second=0)
    Entry.objects.update(kind="waved")

    assert play.looks() == ["day"]


def test_staff_read_why_a_dialog_waits_again():
    play = Play()
    play.asks("Is it in stock?", second=0)
    play.takes(second=2)
    anna = Operator.objects.get()

    take_back_conversations(operator=anna, at=AT + 5 * SECOND)

    texts = [line.text for line in play.lines(second=6)]
    assert "Anna may not answer any more: the dialog waits for anyone" in texts
