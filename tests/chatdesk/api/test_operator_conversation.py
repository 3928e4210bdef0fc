"""What an operator reads and does in one conversation."""

from uuid import UUID, uuid4

import pytest

from chatdesk.models import Conversation, Entry
from chatdesk.selectors.log import marks_of
from chatdesk.selectors.visitors import actor_of
from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import make_conversation, make_operator, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make_operator(name="Anna")


@pytest.fixture
def desk(operator):
    return Desk(operator)


def test_the_thread_brings_the_newest_entries(desk):
    words = [("visitor", f"word {number}") for number in range(60)]
    conversation = make_conversation(entries=words)

    answer = desk.get(of(conversation)).json()

    assert (answer["covers_from"], answer["covers_to"]) == (11, 60)
    assert answer["entries"][-1]["text"] == "word 59"
    assert answer["conversation"]["conv"] == conversation.public_id.hex


def test_earlier_entries_come_in_pages_without_a_hole(desk):
    words = [("visitor", f"word {number}") for number in range(120)]
    conversation = make_conversation(entries=words)

    pages, before = [], ""
    while before != 1:
        answer = desk.get(of(conversation, "entries") + f"?before={before}").json()
        pages.append((answer["from"], answer["to"]))
        before = answer["from"]

    assert pages == [(71, 120), (21, 70), (1, 20)]


def test_before_the_first_entry_there_is_nothing_to_ask(desk):
    conversation = make_conversation()

    assert desk.get(of(conversation, "entries") + "?before=0").status_code == 400
    answer = desk.get(of(conversation, "entries") + "?before=1").json()
    assert answer == {"from": 1, "to": 0, "items": []}


def test_taking_makes_the_operator_the_owner_and_two_cannot(desk, operator):
    conversation = make_conversation()

    answer = desk.post(of(conversation, "take"))
    late = Desk(make_operator(name="Boris")).post(of(conversation, "take"))

    assert answer.json()["owner"] == str(operator.pk)
    assert (late.status_code, late.json()["code"]) == (409, "taken")
    assert late.json()["by"] == "Anna"


@pytest.mark.parametrize("action", ["take", "release"])
def test_what_needs_no_body_takes_an_empty_one(desk, action):
    conversation = make_conversation()
    desk.post(of(conversation, "take"))

    assert desk.post(of(conversation, action), {}).status_code == 200


def test_taking_stops_at_the_capacity():
    operator = make_operator(capacity=1)
    desk = Desk(operator)
    desk.post(of(make_conversation(), "take"))

    answer = desk.post(of(make_conversation(), "take"))

    assert (answer.status_code, answer.json()["code"]) == (409, "full")


def test_what_was_taken_may_be_given_back(desk):
    conversation = make_conversation()
    desk.post(of(conversation, "take"))

    answer = desk.post(of(conversation, "release"))

    assert answer.json()["status"] == "waiting"
    assert "owner" not in answer.json()


def test_an_answer_reaches_the_visitor_and_a_note_does_not(desk):
    conversation = make_conversation()
    desk.post(of(conversation, "take"))
    key = uuid4().hex

    answer = desk.say(conversation, "It is.", key=key)
    note = desk.post(
        of(conversation, "messages"),
        {"body": {"text": "seems to be in a hurry"}, "kind": "note"},
        key=uuid4().hex,
    )

    assert (answer.status_code, note.status_code) == (201, 201)
    assert Entry.objects.get(cmid=UUID(key)).text == "It is."
    seen = Page(conversation.visitor).get(of(conversation, "events")).json()
    assert [item["kind"] for item in seen["items"]] == ["message", "taken", "message"]
    assert seen["to"] == note.json()["seq"]


def test_only_the_owner_answers(desk):
    conversation = make_conversation()
    Desk(make_operator()).post(of(conversation, "take"))

    answer = desk.say(conversation, "It is.")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_an_operator_says_how_it_ended(desk):
    conversation = make_conversation()
    desk.post(of(conversation, "take"))

    silent = desk.post(of(conversation, "close"), {})
    answer = desk.post(of(conversation, "close"), {"outcome": "sale"})

    assert (silent.status_code, answer.status_code) == (400, 200)
    conversation.refresh_from_db()
    assert conversation.status == Conversation.Status.CLOSED
    assert conversation.outcome == "sale"


def test_marks_of_the_operator_are_his(desk):
    conversation = make_conversation()

    desk.post(of(conversation, "marks"), {"read": 1})

    marks = marks_of(conversation_ids=[conversation.pk])[conversation.pk]
    assert (marks.operator_read, marks.visitor_read) == (1, 0)


def test_staff_write_down_who_the_visitor_is(desk):
    conversation = make_conversation()

    desk.post(of(conversation, "visitor"), {"name": "Vera", "contact": "+358 40"})
    answer = desk.post(of(conversation, "visitor"), {"name": "Vera K."})

    assert answer.json()["name"] == "Vera K."
    assert answer.json()["contact"] == "+358 40"


def test_a_closed_dialog_takes_no_answer(desk, operator):
    conversation = make_conversation(operator=operator, closed_as="sale")

    answer = desk.say(conversation, "One more thing")

    assert (answer.status_code, answer.json()["code"]) == (409, "closed")
    assert say(conversation, actor_of(conversation.visitor), "hello?").entry.seq > 0
