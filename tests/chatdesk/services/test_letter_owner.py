"""Whose task a letter is before anybody takes it: rules, the known, the shift."""

from datetime import timedelta

import pytest

from chatdesk.models import Department, Entry, Letter, Membership, RoutingRule
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.letters import leave_contact
from chatdesk.services.rota import plan_shift
from tests.chatdesk.services.desks import kinds
from tests.chatdesk.services.test_letters import begin, fresh, leave
from tests.factories import NOON, actor_of_operator, make_operator, make_visitor, say

__all__ = ["fresh"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

HOUR = timedelta(hours=1)
LATER = NOON + 3 * HOUR


@pytest.fixture
def coffee():
    """Return a department to which the rules send what is asked about coffee."""
    department = Department.objects.create(name="Coffee")
    RoutingRule.objects.create(name="Coffee", page="/coffee/*", department=department)
    return department


def about(page):
    """Return a dialog that begins on a page and holds no word yet."""
    visitor = make_visitor()
    visitor.page_url = f"https://shop.example{page}"
    visitor.save()
    return begin(visitor)


def join(department, name):
    """Return an operator who answers in the department."""
    operator = make_operator(name=name)
    Membership.objects.create(department=department, operator=operator)
    return operator


def owner_of(conversation):
    """Return the name of whoever has the letter, empty when nobody has."""
    letter = Letter.objects.select_related("owner").get(conversation=conversation)
    return letter.owner.name if letter.owner else ""


def told(conversation):
    """Return whom the visitor was told of."""
    entry = Entry.objects.get(conversation=conversation, kind="letter")
    return entry.data["owner"]


def test_a_letter_goes_to_the_department_and_there_to_who_has_the_fewest(coffee):
    make_operator(name="Vera")
    anna, boris = join(coffee, "Anna"), join(coffee, "Boris")

    letters = [about("/coffee/cezve/") for _ in range(3)]
    for letter in letters:
        leave(letter)

    assert [owner_of(letter) for letter in letters] == [
        anna.name,
        boris.name,
        anna.name,
    ]
    assert told(letters[1]) == "Boris"
    letters[0].refresh_from_db()
    assert letters[0].department == coffee
    assert kinds(letters[0]) == ["message", "letter", "routed"]
    routed = Entry.objects.get(conversation=letters[0], kind="routed")
    assert (routed.staff_only, routed.data["to"]) == (True, "Coffee")


def test_a_letter_that_no_rule_meets_is_everybodys(coffee):
    join(coffee, "Anna")
    letter = about("/kettles/")
    leave(letter)
    assert (owner_of(letter), told(letter)) == ("", "")
    assert kinds(letter) == ["message", "letter"]


def test_who_knows_the_visitor_has_his_letter_while_he_may_answer(coffee):
    join(coffee, "Anna")
    known = make_operator(name="Vera")
    before = begin()
    say(before, actor_of(before.visitor), "Hello?")
    actor = actor_of_operator(known)
    take_conversation(conversation_id=before.pk, actor=actor, at=NOON)
    close_conversation(
        conversation_id=before.pk, actor=actor, outcome="answered", at=NOON
    )

    visitor = before.visitor
    visitor.page_url = "https://shop.example/coffee/"
    visitor.save()
    again = begin(visitor)
    leave(again, at=LATER)
    assert owner_of(again) == "Vera"

    Letter.objects.all().delete()
    type(again).objects.filter(pk=again.pk).update(letter_due_at=None)
    known.is_active = False
    known.save()
    leave(again, at=LATER + HOUR)
    assert owner_of(again) == "Anna"


def test_else_it_is_the_task_of_who_answers_for_the_shift_in_which_it_is_due():
    boris = make_operator(name="Boris")
    plan_shift(
        operator_id=boris.pk,
        begins_at=NOON,
        ends_at=NOON + 8 * HOUR,
        is_responsible=True,
    )
    soon, late = about("/"), about("/")
    leave(soon)
    leave(late, at=NOON + 9 * HOUR)
    assert (owner_of(soon), owner_of(late)) == ("Boris", "")


def test_left_again_a_letter_stays_whose_it_was(coffee):
    join(coffee, "Anna")
    letter = about("/coffee/")
    leave(letter, contact="@marat_k")
    join(coffee, "Aaron")
    leave(letter, contact="a@mail.ru", at=LATER)
    assert owner_of(letter) == "Anna"
    letter.refresh_from_db()
    assert kinds(letter).count("routed") == 1


def test_a_contact_alone_is_nobodys_task(coffee):
    join(coffee, "Anna")
    waiting = about("/coffee/")
    say(waiting, actor_of(waiting.visitor), "Hello?")
    leave_contact(
        conversation_id=waiting.pk,
        actor=actor_of(waiting.visitor),
        contact="@marat_k",
        at=NOON,
    )
    assert not Letter.objects.exists()
