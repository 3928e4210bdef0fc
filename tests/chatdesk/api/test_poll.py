"""The workspace without a socket: one question brings what its socket would."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatdesk.models import Lease, Operator
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.operators import get_desk
from chatdesk.services.activity import watch_idle
from tests.chatdesk.api.callers import Desk, Page
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TAB = "a" * 32


@pytest.fixture
def operator():
    return make_operator(name="Anna", capacity=2)


@pytest.fixture
def desk(operator):
    return Desk(operator)


def place(conversation, cursor, epoch=""):
    return {"conv": conversation.public_id.hex, "cursor": cursor, "epoch": epoch}


def poll(desk, *places, tab=TAB, **more):
    answer = desk.post("poll/", {"tab": tab, "resume": places, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()["frames"]


def only(frames, kind):
    return [frame for frame in frames if frame["type"] == kind]


def test_it_brings_the_list_the_own_place_and_the_team(desk, operator):
    colleague = make_operator(name="Boris")
    waiting = make_conversation()

    inbox, presence, team = poll(desk)

    assert inbox["whole"] is True
    assert [row["conv"] for row in inbox["rows"]] == [waiting.public_id.hex]
    assert presence == {
        "type": "presence",
        "status": "online",
        "load": 0,
        "capacity": 2,
    }
    states = {each["id"]: each["state"] for each in team["colleagues"]}
    assert states == {str(operator.pk): "online", str(colleague.pk): "offline"}


def test_it_brings_what_follows_each_copy_without_a_hole(desk):
    ahead = make_conversation(entries=[("visitor", f"word {n}") for n in range(5)])
    even = make_conversation()

    frames = poll(desk, place(ahead, 2), place(even, 1))

    (events,) = only(frames, "events")
    assert (events["conv"], events["epoch"]) == (ahead.public_id.hex, current_epoch())
    assert (events["from"], events["to"]) == (3, 5)
    assert [item["text"] for item in events["items"]] == ["word 2", "word 3", "word 4"]
    ends = {frame["conv"]: frame["seq"] for frame in only(frames, "synced")}
    assert ends == {ahead.public_id.hex: 5, even.public_id.hex: 1}


def test_notes_of_colleagues_come_too(desk, operator):
    conversation = make_conversation()
    actor = actor_of_operator(operator)
    say(conversation, actor, "He called before.", is_note=True)

    (events,) = only(poll(desk, place(conversation, 1)), "events")

    assert [item["kind"] for item in events["items"]] == ["note"]


def test_what_the_visitor_has_read_comes_with_it(desk, operator):
    conversation = make_conversation(
        operator=operator, entries=[("visitor", "Is it?"), ("operator", "It is.")]
    )
    conversation.refresh_from_db()
    page = Page(conversation.visitor)
    path = f"conversations/{conversation.public_id.hex}/marks/"
    assert page.post(path, {"read": conversation.head}).status_code == 200

    (synced,) = only(poll(desk, place(conversation, conversation.head)), "synced")

    assert synced["marks"]["visitor_read"] == conversation.head


def test_much_comes_in_parts_and_none_of_it_is_left_out(desk, monkeypatch):
    monkeypatch.setattr("chatdesk.selectors.desk.MAX_BATCH_ITEMS", 4)
    talks = [
        make_conversation(entries=[("visitor", f"word {n}") for n in range(5)])
        for _ in range(2)
    ]
    cursors = dict.fromkeys((each.public_id.hex for each in talks), 0)

    for _ in range(3):
        places = [{"conv": conv, "cursor": cursor} for conv, cursor in cursors.items()]
        for events in only(poll(desk, *places), "events"):
            assert events["from"] == cursors[events["conv"]] + 1
            assert len(events["items"]) <= 4
            cursors[events["conv"]] = events["to"]

    assert set(cursors.values()) == {5}


@pytest.mark.parametrize("copies", [1, 6])
def test_asking_again_costs_the_same_for_any_number_of_copies(
    desk, copies, django_assert_max_num_queries
):
    current_epoch()
    talks = [make_conversation() for _ in range(copies)]
    places = [place(each, 0) for each in talks]
    poll(desk)

    with django_assert_max_num_queries(10):
        frames = poll(desk, *places)

    assert len(only(frames, "events")) == copies


@pytest.mark.parametrize(
    ("cursor", "epoch", "reason"), [(1, "of another log", "epoch"), (99, "", "ahead")]
)
def test_a_copy_that_cannot_go_on_is_reset(desk, cursor, epoch, reason):
    conversation = make_conversation()

    frames = poll(desk, place(conversation, cursor, epoch))

    (reset,) = only(frames, "reset")
    assert reset["reason"] == reason
    assert only(frames, "synced") == []


def test_a_dialog_that_is_not_there_is_gone(desk):
    (reset,) = only(poll(desk, {"conv": "f" * 32, "cursor": 3}), "reset")

    assert reset["reason"] == "gone"


def test_who_asks_is_there_and_who_stops_asking_goes(desk, operator):
    poll(desk)
    poll(desk)
    now = timezone.now()

    assert Lease.objects.filter(operator=operator).count() == 1
    assert get_desk(operator_id=operator.pk, at=now).state == "online"
    later = now + timedelta(seconds=45)
    assert get_desk(operator_id=operator.pk, at=later).state == "offline"


def test_nobody_keeps_the_place_of_somebody_else(desk, operator):
    other = make_operator(name="Boris")
    poll(desk)
    poll(Desk(other))

    assert {lease.operator_id for lease in Lease.objects.all()} == {
        operator.pk,
        other.pk,
    }


def test_who_touches_nothing_is_put_away_though_his_page_asks(desk, operator):
    poll(desk, idle=600)
    watch_idle(at=timezone.now())

    (presence,) = only(poll(desk, idle=600), "presence")

    assert (presence["status"], presence["reason"]) == ("away", Operator.IDLE)


def test_who_comes_back_by_a_touch_is_online_again(desk):
    poll(desk, idle=600)
    watch_idle(at=timezone.now())
    poll(desk, idle=0)
    watch_idle(at=timezone.now())

    (presence,) = only(poll(desk), "presence")

    assert presence["status"] == "online"


@pytest.mark.parametrize(
    "body",
    [{}, {"tab": ""}, {"tab": TAB, "resume": [{"conv": "x"}]},
     {"tab": TAB, "idle": -1}, {"tab": TAB, "resume": [{"conv": "f" * 32}] * 51}],
)  # fmt: skip
def test_a_question_that_is_none_is_refused(desk, body):
    answer = desk.post("poll/", body)

    assert answer.status_code == 400
    assert not Lease.objects.exists()


def test_a_stranger_and_who_was_dismissed_are_told_apart(operator, desk):
    assert Page(None).client.post(
        "/chatdesk/api/v1/operator/poll/", {"tab": TAB}, content_type="application/json"
    ).status_code in (401, 403)
    operator.is_active = False
    operator.save()

    assert desk.post("poll/", {"tab": TAB}).status_code == 403
