"""Who gets a question: rules, the choice of a person, places, and the line."""

from datetime import timedelta
from decimal import Decimal

import pytest

from chatdesk.models import Conversation, Department, Entry, Membership, RoutingRule
from chatdesk.selectors.line import list_line, number_line
from chatdesk.selectors.operators import load_of
from chatdesk.selectors.routing import (
    Candidate,
    Facts,
    active_rules,
    choose,
    matches,
    pick_route,
)
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import take_conversation
from chatdesk.services.routing import (
    fill_places,
    route_conversation,
    route_waiting,
)
from tests.chatdesk.services.desks import (
    ASKED,
    MINUTE,
    SECOND,
    ask,
    at_desk,
    kinds,
    now,
    owner,
    reasons,
    stay,
)
from tests.factories import NOON, actor_of_operator, make_conversation, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def automatic(settings):
    """Let dialogs be assigned by themselves."""
    settings.CHATDESK = {"AUTO_ASSIGN": True}


def route(*, at=ASKED + SECOND):
    route_waiting(at=at)
    fill_places(at=at)


def take(conversation, operator, *, at=ASKED):
    actor = actor_of_operator(operator)
    take_conversation(conversation_id=conversation.pk, actor=actor, at=at)
    return actor


# The choice


def candidate(number, load=0, idle=None):
    since = None if idle is None else NOON - timedelta(minutes=idle)
    return Candidate(operator_id=number, name=str(number), load=load, idle_since=since)


@pytest.mark.parametrize(
    ("candidates", "known", "chosen", "why"),
    [
        ([candidate(1, 3), candidate(2, 0)], 1, 1, "known"),
        ([candidate(1, 3), candidate(2, 0)], 7, 2, "least_loaded"),
        ([candidate(4, 4)], None, 4, "only_free"),
        ([candidate(1, 1, 5), candidate(2, 1, 9)], None, 2, "longest_idle"),
        ([candidate(1, 1, 5), candidate(2, 1)], None, 2, "longest_idle"),
        ([candidate(3, 1, 5), candidate(2, 1, 5)], None, 2, "longest_idle"),
    ],
)
def test_the_choice_says_who_and_why(candidates, known, chosen, why):
    choice = choose(candidates, known=known)
    assert choice is not None
    assert (choice.candidate.operator_id, choice.reason) == (chosen, why)
    again = choose(list(reversed(candidates)), known=known)
    assert again == choice


def test_nobody_is_chosen_of_nobody():
    assert choose([], known=1) is None


# Rules


@pytest.mark.parametrize(
    ("conditions", "facts", "fits"),
    [
        ({"page": "/kettles/*"}, {"page": "/kettles/heron/"}, True),
        ({"page": "/kettles/*"}, {"page": "/mills/heron/"}, False),
        ({"page": "/kettles"}, {"page": "/kettles/"}, True),
        ({"language": "de"}, {"language": "de-AT"}, True),
        ({"language": "de"}, {"language": "den"}, False),
        ({"category": "Kettles"}, {"category": "kettles"}, True),
        ({"cart_from": Decimal(100)}, {"cart_total": Decimal(100)}, True),
        ({"cart_from": Decimal(100)}, {"cart_total": Decimal(99)}, False),
        ({"cart_from": Decimal(100)}, {}, False),
        ({"cart_below": Decimal(100)}, {"cart_total": Decimal(100)}, False),
        ({"customer_group": "VIP"}, {"customer_group": "vip"}, True),
        ({"page": "/a/*", "language": "ru"}, {"page": "/a/b", "language": "en"}, False),
        ({}, {}, True),
    ],
)
def test_a_rule_matches_when_each_of_its_conditions_does(conditions, facts, fits):
    assert matches(RoutingRule(**conditions), Facts(**facts)) is fits


def test_the_first_rule_with_a_department_decides_and_head_starts_add_up():
    first = Department.objects.create(name="Kettles")
    second = Department.objects.create(name="Mills")
    RoutingRule.objects.create(name="b", position=2, department=second, head_start=5)
    RoutingRule.objects.create(name="a", position=1, department=first, head_start=7)
    RoutingRule.objects.create(name="no", page="/other", head_start=100)
    found = pick_route(active_rules(), Facts(page="/kettle"))
    assert (found.department_id, found.head_start) == (first.pk, 12)


def test_a_question_goes_to_its_department_and_the_log_says_so(automatic):
    at_desk("Anna")
    boris = at_desk("Boris")
    department = Department.objects.create(name="Kettles")
    Membership.objects.create(department=department, operator=boris)
    RoutingRule.objects.create(name="kettles", page="/kettle*", department=department)
    conversation = ask()
    route()
    assert owner(conversation) == "Boris"
    assert now(conversation).department == department
    routed = Entry.objects.filter(conversation=conversation, kind="routed")
    assert [entry.data["how"] for entry in routed] == ["department", "only_free"]
    assert all(entry.staff_only for entry in routed)


def test_two_who_look_at_once_note_the_department_once():
    department = Department.objects.create(name="Kettles")
    RoutingRule.objects.create(name="kettles", page="/kettle*", department=department)
    conversation = ask()
    first, second = now(conversation), now(conversation)
    for each in (first, second):
        route_conversation(each, at=ASKED)
    assert kinds(conversation).count("routed") == 1
    assert now(conversation).department == department


def test_a_department_without_operators_is_answered_by_everybody(automatic):
    at_desk("Anna")
    department = Department.objects.create(name="Nobody")
    RoutingRule.objects.create(name="all", department=department)
    conversation = ask()
    route()
    assert owner(conversation) == "Anna"


def test_a_shop_that_fails_routes_all_the_same(automatic, settings, caplog):
    settings.CHATDESK = {
        "AUTO_ASSIGN": True,
        "SHOP_ADAPTER": "tests.chatdesk.services.test_routing.Broken",
    }
    at_desk("Anna")
    RoutingRule.objects.create(name="vip", customer_group="vip", head_start=60)
    conversation = ask()
    route()
    assert owner(conversation) == "Anna"


class Broken:
    """No adapter at all."""


# Places


def test_without_the_setting_a_new_question_waits_for_take():
    at_desk("Anna")
    conversation = ask()
    route()
    assert owner(conversation) == ""
    assert now(conversation).route_at is None


def test_the_least_loaded_gets_the_next(automatic):
    anna = at_desk("Anna")
    at_desk("Boris")
    take(ask(), anna)
    conversation = ask()
    route()
    assert owner(conversation) == "Boris"
    assert reasons(conversation) == ["least_loaded"]


def test_who_knows_the_visitor_gets_him_although_others_lead_less(automatic):
    anna = at_desk("Anna")
    at_desk("Boris")
    former = make_conversation(
        operator=anna,
        entries=(("visitor", "Is it in stock?"), ("operator", "Yes.")),
        closed_as="sale",
        at=NOON - MINUTE,
    )
    take(ask(), anna)
    conversation = make_conversation(visitor=former.visitor, at=NOON)
    route()
    assert owner(conversation) == "Anna"
    assert reasons(conversation) == ["known"]


def test_nobody_gets_more_than_his_places_and_nobody_is_forgotten(automatic):
    anna, boris = at_desk("Anna", capacity=2), at_desk("Boris", capacity=1)
    waiting = [ask(at=NOON + number * SECOND) for number in range(5)]
    route(at=NOON + 10 * SECOND)
    assert load_of(operator_id=anna.pk, at=NOON + 10 * SECOND) == 2
    assert load_of(operator_id=boris.pk, at=NOON + 10 * SECOND) == 1
    assert [bool(owner(each)) for each in waiting] == [True, True, True, False, False]
    line = list_line()
    assert {each.public_id.hex for each in waiting[3:]} == set(line)


def test_a_free_place_goes_to_the_first_in_line(automatic):
    anna = at_desk("Anna", capacity=1)
    first, second, third = (ask(at=NOON + number * SECOND) for number in range(3))
    route(at=NOON + 5 * SECOND)
    assert owner(first) == "Anna"
    say(now(first), actor_of_operator(anna), "Yes.", at=NOON + 6 * SECOND)
    later = NOON + 11 * MINUTE
    stay(anna, at=later)
    fill_places(at=later)
    assert (owner(second), owner(third)) == ("Anna", "")


def test_a_quiet_dialog_frees_its_place_and_comes_back_first_in_line():
    anna = at_desk("Anna", capacity=1)
    quiet = ask()
    say(quiet, take(quiet, anna), "Yes.", at=ASKED + SECOND)
    later = NOON + 10 * MINUTE + 5 * SECOND
    assert load_of(operator_id=anna.pk, at=later) == 0
    other = ask(at=later)
    take(other, anna, at=later + SECOND)
    ask(at=later)
    stay(anna, at=later + MINUTE)
    say(now(quiet), actor_of(quiet.visitor), "And blue?", at=later + MINUTE)
    route_waiting(at=later + MINUTE)
    assert owner(quiet) == ""
    assert kinds(quiet)[-1] == "released"
    assert list_line()[quiet.public_id.hex].place == 1


def test_who_comes_back_stays_with_his_operator_who_has_a_place():
    anna = at_desk("Anna")
    quiet = ask()
    say(quiet, take(quiet, anna), "Yes.", at=ASKED + SECOND)
    later = NOON + 11 * MINUTE
    stay(anna, at=later)
    say(now(quiet), actor_of(quiet.visitor), "And blue?", at=later)
    route_waiting(at=later)
    assert owner(quiet) == "Anna"


def test_a_question_that_waits_holds_its_place_however_old_it_is():
    anna = at_desk("Anna", capacity=1)
    take(ask(), anna)
    assert load_of(operator_id=anna.pk, at=NOON + 60 * MINUTE) == 1


# The line


def test_a_head_start_moves_ahead_and_others_overtake_it_in_the_end():
    RoutingRule.objects.create(name="vip", language="ru", head_start=60)
    old, fresh = ask(), ask(at=NOON + 30 * SECOND)
    Conversation.objects.filter(pk=fresh.pk).update(language="ru")
    route_waiting(at=NOON + 31 * SECOND)
    line = list_line()
    assert line[fresh.public_id.hex].place == 1
    assert line[old.public_id.hex].place == 2
    late = ask(at=NOON + 90 * SECOND)
    Conversation.objects.filter(pk=late.pk).update(language="ru")
    route_waiting(at=NOON + 91 * SECOND)
    assert list_line()[late.public_id.hex].place == 3


def test_each_department_has_a_line_of_its_own_and_the_estimate_grows():
    places = number_line([("a", 1), ("b", None), ("c", 1)], usual_s=20)
    found = {conv: (each.place, each.answer_s) for conv, each in places.items()}
    assert found == {"a": (1, 20), "b": (1, 20), "c": (2, 40)}


def test_an_empty_line_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert list_line() == {}
