"""Ratings: a thumb, an optional sentence, changeable for a day."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chatdesk.errors import Closed, Invalid, NotFound
from chatdesk.models import Entry, Rating
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.ratings import rate_conversation
from tests.factories import NOON, make_conversation, make_operator, make_visitor

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = timedelta(hours=24)
TALK = (("visitor", "a"), ("operator", "b"))


def rate(conversation, thumb="up", *, comment="", at=NOON, actor=None, **more):
    return rate_conversation(
        conversation_id=conversation.pk,
        actor=actor or actor_of(conversation.visitor),
        thumb=thumb,
        comment=comment,
        at=at,
        **more,
    )


def closed_conversation():
    operator = make_operator()
    talk = make_conversation(
        operator=operator, entries=TALK, at=NOON, closed_as="answered"
    )
    return talk, operator


def test_a_like_is_kept_with_its_sentence_and_stands_in_the_log():
    conversation, operator = closed_conversation()

    rated = rate(conversation, "up", comment="  Quick and kind ")

    conversation.refresh_from_db()
    rating = Rating.objects.get(conversation=conversation)
    assert (rating.thumb, rating.comment, rating.rated_at) == (
        "up",
        "Quick and kind",
        NOON,
    )
    assert rating.operator == operator
    assert conversation.thumb == "up"
    assert (rated.entry.kind, rated.entry.data) == (
        "rated",
        {"thumb": "up", "comment": "Quick and kind"},
    )


def test_it_may_be_changed_for_a_day_and_both_stand_in_the_log():
    conversation, _ = closed_conversation()
    rate(conversation, "down", comment="Slow")

    rate(conversation, "up", at=conversation.closed_at + DAY)

    conversation.refresh_from_db()
    rating = Rating.objects.get()
    assert (conversation.thumb, rating.thumb, rating.comment) == ("up", "up", "")
    entries = Entry.objects.filter(kind="rated").order_by("seq")
    assert [entry.data["thumb"] for entry in entries] == ["down", "up"]


def test_after_a_day_it_stays_as_it_is():
    conversation, _ = closed_conversation()
    rate(conversation, "down")

    with pytest.raises(Closed):
        rate(conversation, "up", at=conversation.closed_at + DAY + DAY / 1000)

    conversation.refresh_from_db()
    assert conversation.thumb == Rating.objects.get().thumb == "down"


def test_how_long_it_may_be_changed_is_a_setting(settings):
    settings.CHATDESK = {"RATING_CHANGEABLE": timedelta(minutes=1)}
    conversation, _ = closed_conversation()

    with pytest.raises(Closed):
        rate(conversation, at=conversation.closed_at + timedelta(minutes=2))


def test_a_dialog_that_goes_on_may_be_rated():
    operator = make_operator()
    conversation = make_conversation(operator=operator, entries=TALK)

    rate(conversation, "up")

    assert Rating.objects.get().operator == operator


def test_a_dialog_that_nobody_answered_is_rated_for_nobody():
    conversation = make_conversation()

    rate(conversation, "down")

    assert Rating.objects.get().operator is None


def test_what_has_not_begun_cannot_be_rated():
    with pytest.raises(Closed):
        rate(make_conversation(entries=()))


def test_somebody_elses_dialog_cannot_be_rated():
    conversation, _ = closed_conversation()

    with pytest.raises(NotFound):
        rate(conversation, actor=actor_of(make_visitor()))

    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("thumb", "comment"), [("sideways", ""), ("", ""), ("UP", ""), ("up", "a\0b")]
)
def test_what_is_no_rating_is_refused(thumb, comment):
    conversation, _ = closed_conversation()

    with pytest.raises(Invalid):
        rate(conversation, thumb, comment=comment)


def test_a_rating_that_is_sent_twice_is_one_entry():
    conversation, _ = closed_conversation()
    cmid = uuid4()

    rate(conversation, "up", cmid=cmid)
    again = rate(conversation, "up", cmid=cmid)

    assert again.is_repeat
    assert Entry.objects.filter(kind="rated").count() == 1


def test_a_late_repeat_of_the_first_thumb_does_not_undo_the_second():
    conversation, _ = closed_conversation()
    first = uuid4()
    rate(conversation, "up", cmid=first)
    rate(conversation, "down")

    rate(conversation, "up", cmid=first)

    conversation.refresh_from_db()
    assert conversation.thumb == "down"
