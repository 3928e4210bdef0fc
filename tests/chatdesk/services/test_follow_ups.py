"""Who was left without an answer is followed up once, and it is known by whom."""

import pytest
from django.contrib.auth import get_user_model

from chatdesk.actors import StaffActor
from chatdesk.models import AuditLine, Conversation, Entry
from chatdesk.services.conversations import close_conversation
from chatdesk.services.follow_ups import finish_follow_up
from chatdesk.services.ladder import climb_ladder
from tests.chatdesk.services.desks import ASKED, MINUTE, ask, at_desk, kinds, now
from tests.factories import actor_of, actor_of_operator
from tests.together import together

LEFT = ASKED + 10 * MINUTE

pytestmark = pytest.mark.postgres


def left_alone():
    """Return a question that nobody answered."""
    conversation = ask()
    climb_ladder(at=LEFT)
    assert now(conversation).is_to_follow
    return conversation


def finish(conversation, operator, *, at=LEFT + MINUTE):
    return finish_follow_up(
        conversation_id=conversation.pk, actor=actor_of_operator(operator), at=at
    )


@pytest.mark.django_db
def test_who_saw_to_it_and_when_is_kept_in_the_row_the_log_and_the_audit():
    anna, conversation = at_desk("Anna"), left_alone()
    assert finish(conversation, anna)
    done = now(conversation)
    assert (done.followed_at, done.followed_by) == (LEFT + MINUTE, anna.user)
    assert done.left_at == LEFT
    entry = Entry.objects.get(conversation=conversation, kind="followed")
    assert (entry.data, entry.staff_only, entry.author_id) == (
        {"name": "Anna"},
        True,
        anna.pk,
    )
    line = AuditLine.objects.get(conversation=conversation)
    assert (line.user, line.act, line.at) == (
        anna.user,
        "followed up",
        LEFT + MINUTE,
    )


@pytest.mark.django_db
def test_it_moves_neither_the_clock_nor_the_owner():
    conversation = left_alone()
    before = now(conversation)
    finish(conversation, at_desk("Anna"))
    after = now(conversation)
    same = ("status", "operator_id", "waiting_since", "alert_at", "line_at", "preview")
    assert [getattr(after, name) for name in same] == [
        getattr(before, name) for name in same
    ]


@pytest.mark.django_db
def test_what_was_never_left_is_not_followed_up():
    conversation = ask()
    assert not finish(conversation, at_desk("Anna"), at=ASKED + MINUTE)
    assert "followed" not in kinds(conversation)
    assert not AuditLine.objects.exists()


@pytest.mark.django_db
def test_a_second_word_changes_nothing():
    anna, boris, conversation = at_desk("Anna"), at_desk("Boris"), left_alone()
    assert finish(conversation, anna)
    assert not finish(conversation, boris, at=LEFT + 5 * MINUTE)
    assert now(conversation).followed_by == anna.user
    assert kinds(conversation).count("followed") == AuditLine.objects.count() == 1


@pytest.mark.django_db
def test_a_question_that_is_left_again_is_to_be_followed_up_again():
    conversation, anna = left_alone(), at_desk("Anna", at=LEFT)
    finish(conversation, anna)
    close_conversation(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        at=LEFT + 2 * MINUTE,
    )
    again = now(conversation)
    assert again.left_at == LEFT + 2 * MINUTE
    assert again.is_to_follow
    assert list(Conversation.objects.to_follow()) == [again]


@pytest.mark.django_db
def test_staff_without_a_card_are_named_too():
    user = get_user_model().objects.create_user("boss")
    conversation = left_alone()
    actor = StaffActor(user_id=user.pk, name="Vera")
    at = LEFT + MINUTE
    assert finish_follow_up(conversation_id=conversation.pk, actor=actor, at=at)
    assert now(conversation).followed_by == user
    entry = Entry.objects.get(conversation=conversation, kind="followed")
    assert (entry.author_kind, entry.data) == ("s", {"name": "Vera"})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_so_at_once_one_is_written_down():
    anna, boris, conversation = at_desk("Anna"), at_desk("Boris"), left_alone()
    done = together(
        lambda: finish(conversation, anna), lambda: finish(conversation, boris)
    )
    assert sorted(done) == [False, True]
    assert kinds(conversation).count("followed") == AuditLine.objects.count() == 1
