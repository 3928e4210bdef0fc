"""The operator's side: session, list, switch, prepared answers."""

from datetime import timedelta

import pytest

from chatdesk.models import Operator
from tests.chatdesk.api.callers import Desk
from tests.factories import (
    bring_online,
    make_canned,
    make_conversation,
    make_operator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make_operator(name="Anna", capacity=2)


@pytest.fixture
def desk(operator):
    return Desk(operator)


def test_session_tells_the_workspace_what_it_starts_from(desk, operator):
    answer = desk.get("session/").json()

    assert answer["operator"] == {"id": str(operator.pk), "name": "Anna"}
    assert (answer["capacity"], answer["load"]) == (2, 0)
    assert (answer["goal_s"], answer["limit_s"]) == (15, 20)
    assert answer["quiet_s"] == 600
    assert len(answer["epoch"]) == 32


def test_session_tells_when_a_silent_visitor_gives_his_place_free(desk, settings):
    settings.CHATDESK = {"QUIET_AFTER": timedelta(minutes=3)}
    assert desk.get("session/").json()["quiet_s"] == 180


def test_inbox_lists_what_is_unfinished(desk, operator):
    waiting = make_conversation()
    make_conversation(entries=())
    make_conversation(operator=operator, closed_as="sale")

    rows = desk.get("inbox/").json()["rows"]

    assert [row["conv"] for row in rows] == [waiting.public_id.hex]


def test_closed_dialogs_come_in_pages(desk, operator, monkeypatch):
    monkeypatch.setattr("chatdesk.api.operator.PAGE", 2)
    closed = [make_conversation(operator=operator, closed_as="sale") for _ in range(5)]

    found, before = [], ""
    for _ in range(3):
        page = desk.get(f"inbox/?tab=closed&before={before}").json()
        found += [row["conv"] for row in page["rows"]]
        before = page.get("next", "")

    assert found == [each.public_id.hex for each in reversed(closed)]
    assert before == ""


@pytest.mark.parametrize(
    "query",
    ["tab=all", "tab=closed&before=x", "tab=closed&before=-1", "before=1e3",
     "before=%D9%A1", "before=99999999999999999"],
)  # fmt: skip
def test_a_list_that_does_not_exist_is_refused(desk, query):
    answer = desk.get(f"inbox/?{query}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"


def test_the_switch_is_stored_and_told(desk, operator):
    bring_online(operator)

    answer = desk.post("presence/", {"status": "away"})

    assert answer.json() == {"status": "away", "load": 0, "capacity": 2}
    operator.refresh_from_db()
    assert operator.status == Operator.Status.AWAY


def test_the_switch_has_three_places(desk):
    assert desk.post("presence/", {"status": "invisible"}).status_code == 400


def test_prepared_answers_are_the_shared_and_the_operators_own(desk, operator):
    shared = make_canned(shortcut="hi")
    own = make_canned(shortcut="mine")
    foreign = make_canned(shortcut="theirs")
    own.operator, foreign.operator = operator, make_operator()
    own.save()
    foreign.save()

    answer = desk.get("canned/?language=en").json()

    assert [each["shortcut"] for each in answer] == [shared.shortcut, own.shortcut]
    assert answer[1]["shared"] is False
