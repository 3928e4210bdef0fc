"""The alert of a missing reply: promised at the limit, sent to those who can help."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chatdesk.models import Conversation, Effect
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.alerts import send_alert, send_manager_alert
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.effects import NotNeeded
from chatdesk.services.ladder import climb_ladder
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_operator,
    say,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def conversation():
    return make_conversation(at=NOON)


@pytest.fixture
def manager():
    group, _ = Group.objects.get_or_create(name="Manager")
    user = get_user_model().objects.create_user("boss", email="boss@shop.example")
    user.groups.add(group)
    return user


LATE = NOON + timedelta(minutes=5)


def alert():
    climb_ladder(at=LATE)
    return Effect.objects.get(kind=Effect.Kind.NO_REPLY_ALERT)


def take(conversation, operator):
    actor = actor_of_operator(operator)
    take_conversation(conversation_id=conversation.pk, actor=actor, at=NOON)
    return actor


def test_a_question_promises_one_alert_at_the_limit(conversation):
    say(conversation, actor_of(conversation.visitor), "Hello?")
    limit = NOON + timedelta(seconds=21)

    climb_ladder(at=limit - timedelta(microseconds=1))
    assert not Effect.objects.exists()
    climb_ladder(at=limit)
    climb_ladder(at=LATE)
    assert alert().due_at == limit


def test_questions_that_are_late_together_are_promised_with_few_statements():
    for _ in range(20):
        make_conversation(at=NOON)
    with CaptureQueriesContext(connection) as queries:
        climb_ladder(at=NOON + timedelta(seconds=30))
    # Passing each of them on is one statement and the look for who is online.
    assert len(queries) <= 15 + 20 * 5
    assert Effect.objects.count() == 20


def test_nothing_late_costs_one_statement(conversation):
    with CaptureQueriesContext(connection) as queries:
        climb_ladder(at=NOON)
    assert len(queries) == 1


def test_an_answer_withdraws_the_alert_in_its_own_transaction(conversation, operator):
    actor = take(conversation, operator)
    with transaction.atomic():
        say(conversation, actor, "Here I am.")
        transaction.set_rollback(True)
    assert overdue() == [conversation.pk]
    say(conversation, actor, "Here I am.")
    assert overdue() == []
    assert climb_ladder(at=LATE) == 0


def overdue():
    late = Conversation.objects.filter(alert_at__lte=LATE)
    return list(late.values_list("pk", flat=True))


def test_a_note_or_taking_withdraws_nothing(conversation, operator):
    actor = take(conversation, operator)
    say(conversation, actor, "Who knows this?", is_note=True)
    assert alert().state == Effect.State.DUE


@pytest.mark.skipif(
    not connection.features.has_select_for_update_skip_locked,
    reason="the database locks no rows one by one",
)
def test_a_question_that_is_being_answered_is_left_to_the_next_look(
    conversation, operator
):
    actor = take(conversation, operator)
    found = []

    def look():
        found.append(climb_ladder(at=LATE))
        connection.close()

    with transaction.atomic():
        say(conversation, actor, "Here I am.")
        looker = threading.Thread(target=look)
        looker.start()
        looker.join()
    assert found == [0]
    assert climb_ladder(at=LATE) == 0


def test_send_alert_writes_to_owner_and_settings_once_each(
    conversation, operator, manager, settings
):
    settings.CHATDESK = {"ALERT_EMAILS": ("Boss@shop.example", "owner@shop.example")}
    gone = get_user_model().objects.create_user(
        "gone", email="gone@shop.example", is_active=False
    )
    gone.groups.set(manager.groups.all())
    take(conversation, operator)
    send_alert(alert())
    (letter,) = mail.outbox
    assert {each.lower() for each in letter.to} == {
        operator.user.email,
        "boss@shop.example",
        "owner@shop.example",
    }
    assert len(letter.to) == 3


def test_managers_are_written_to_apart_when_somebody_leads_the_dialog(
    conversation, operator, manager
):
    take(conversation, operator)
    climb_ladder(at=LATE)
    send_manager_alert(Effect.objects.get(kind=Effect.Kind.MANAGER_ALERT))
    assert mail.outbox[0].to == [manager.email]


def test_managers_who_were_written_to_first_get_no_second_letter(conversation, manager):
    climb_ladder(at=LATE)
    with pytest.raises(NotNeeded):
        send_manager_alert(Effect.objects.get(kind=Effect.Kind.MANAGER_ALERT))


def test_send_alert_of_a_waiting_dialog_writes_to_managers(conversation, manager):
    send_alert(alert())
    assert mail.outbox[0].to == [manager.email]


def test_send_alert_needs_somebody_with_an_address(conversation):
    with pytest.raises(NotNeeded):
        send_alert(alert())


def test_send_alert_is_not_needed_after_an_answer(conversation, operator, manager):
    claimed = alert()
    say(conversation, take(conversation, operator), "Here I am.")
    with pytest.raises(NotNeeded):
        send_alert(claimed)
    assert mail.outbox == []


def test_send_alert_waits_for_an_answer_that_is_being_committed(
    conversation, operator, manager
):
    claimed = alert()
    actor = take(conversation, operator)
    outcomes = []

    def work():
        try:
            send_alert(claimed)
        except NotNeeded:
            outcomes.append("not needed")
        connection.close()

    worker = threading.Thread(target=work)
    with transaction.atomic():
        say(conversation, actor, "Here I am.")
        worker.start()
        worker.join(timeout=0.3)
        assert worker.is_alive()
    worker.join()
    assert outcomes == ["not needed"]
    assert mail.outbox == []


def test_send_alert_is_not_needed_after_the_end(conversation, manager):
    claimed = alert()
    visitor = actor_of(conversation.visitor)
    close_conversation(conversation_id=conversation.pk, actor=visitor, at=NOON)
    with pytest.raises(NotNeeded):
        send_alert(claimed)


def test_send_alert_never_takes_one_question_for_the_next(
    conversation, operator, manager
):
    first = alert()
    say(conversation, take(conversation, operator), "Here I am.")
    asked_at = NOON + timedelta(minutes=1)
    say(conversation, actor_of(conversation.visitor), "And blue?", at=asked_at)
    with pytest.raises(NotNeeded):
        send_alert(first)
    climb_ladder(at=LATE)
    alerts = Effect.objects.filter(kind=Effect.Kind.NO_REPLY_ALERT)
    second = alerts.exclude(pk=first.pk).get()
    send_alert(second)
    assert "And blue?" in mail.outbox[0].body
