"""What routing knows: rules that fit, and who could take a question."""

from datetime import timedelta
from decimal import Decimal

import pytest

from chatdesk.models import Department, Membership, Operator, RoutingRule, Visitor
from chatdesk.selectors.routing import (
    Facts,
    Route,
    active_rules,
    count_matches,
    known_operator,
    list_candidates,
    matches,
    pick_route,
)
from chatdesk.services.conversations import take_conversation
from chatdesk.services.presence import choose_status
from tests.chatdesk.services.desks import ASKED, MINUTE, SECOND, ask, at_desk, now
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def take(conversation, operator, *, at=ASKED):
    take_conversation(
        conversation_id=conversation.pk, actor=actor_of_operator(operator), at=at
    )


def department_of(*operators, name="Kettles", is_active=True):
    department = Department.objects.create(name=name, is_active=is_active)
    for operator in operators:
        Membership.objects.create(department=department, operator=operator)
    return department


def find_route(facts):
    return pick_route(active_rules(), facts)


def names(candidates):
    return [each.name for each in candidates]


# Rules


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/kettles/*", "/kettles/", True),
        ("/kettles/*", "/kettles", True),
        ("/kettles*", "/kettles-and-pots/", True),
        ("/kettles/*", "/kettles-and-pots/", False),
        ("*", "", True),
        ("*/sale/*", "/de/sale/heron/", True),
        ("*/sale/*", "/de/sales/heron/", False),
        ("/", "/", True),
        ("/", "/kettles/", False),
        ("/Kettles/*", "/kettles/heron", False),
        ("/чайники/*", "/чайники/цапля/", True),
    ],
)
def test_a_star_in_a_page_stands_for_anything(pattern, path, fits):
    assert matches(RoutingRule(page=pattern), Facts(page=path)) is fits


@pytest.mark.parametrize(
    ("wanted", "spoken", "fits"),
    [
        ("ru", "ru", True),
        ("RU", "ru-RU", True),
        ("ru-RU", "ru", False),
        ("de", "", False),
        ("zh-hans", "zh-Hans-CN", True),
        ("e", "en", False),
    ],
)
def test_a_language_means_its_variants_too(wanted, spoken, fits):
    assert matches(RoutingRule(language=wanted), Facts(language=spoken)) is fits


@pytest.mark.parametrize(
    ("low", "high", "total", "fits"),
    [
        (Decimal(50), Decimal(100), Decimal(50), True),
        (Decimal(50), Decimal(100), Decimal("99.99"), True),
        (Decimal(50), Decimal(100), Decimal(100), False),
        (Decimal(50), Decimal(100), Decimal("49.99"), False),
        (None, Decimal(100), Decimal(0), True),
        (None, Decimal(100), None, False),
        (Decimal(0), None, Decimal(0), True),
        (Decimal(0), None, None, False),
    ],
)
def test_a_cart_lies_from_the_one_sum_up_to_the_other(low, high, total, fits):
    rule = RoutingRule(cart_from=low, cart_below=high)
    assert matches(rule, Facts(cart_total=total)) is fits


@pytest.mark.parametrize("field_name", ["category", "customer_group"])
@pytest.mark.parametrize(
    ("wanted", "told", "fits"),
    [
        ("Mills", "MILLS", True),
        ("Кофемолки", "кофемолки", True),
        ("Mills", "Mill", False),
        ("Mills", "", False),
    ],
)
def test_names_are_compared_whatever_their_case(field_name, wanted, told, fits):
    rule = RoutingRule(**{field_name: wanted})
    assert matches(rule, Facts(**{field_name: told})) is fits


def test_without_rules_a_question_belongs_to_no_department():
    assert find_route(Facts(page="/kettle")) == Route()


def test_a_rule_that_is_switched_off_decides_nothing():
    department = department_of()
    RoutingRule.objects.create(
        name="off", department=department, head_start=60, is_active=False
    )
    assert find_route(Facts()) == Route()


def test_a_department_that_is_switched_off_leaves_it_to_the_next_rule():
    gone, there = department_of(name="Gone", is_active=False), department_of(name="Ok")
    RoutingRule.objects.create(name="a", position=1, department=gone, head_start=5)
    RoutingRule.objects.create(name="b", position=2, department=there)
    assert find_route(Facts()) == Route(department_id=there.pk, head_start=5)


def test_of_rules_in_the_same_place_the_older_decides():
    first, second = department_of(name="First"), department_of(name="Second")
    RoutingRule.objects.create(name="z", department=first)
    RoutingRule.objects.create(name="a", department=second)
    assert find_route(Facts()).department_id == first.pk


def test_any_number_of_rules_is_one_query(django_assert_num_queries):
    for number in range(5):
        department = department_of(name=str(number))
        RoutingRule.objects.create(name=str(number), department=department)
    with django_assert_num_queries(1):
        find_route(Facts())


def test_a_rule_is_tried_on_the_latest_dialogs_by_page_and_language():
    for language in ("en", "ru", "ru"):
        conversation = ask()
        conversation.language = language
        conversation.save(update_fields=["language"])
    assert count_matches(RoutingRule(language="ru"), latest=500) == (2, 3)
    assert count_matches(RoutingRule(language="en"), latest=2) == (0, 2)
    assert count_matches(RoutingRule(page="/kettle"), latest=500) == (3, 3)
    assert count_matches(RoutingRule(page="/mills/*"), latest=500) == (0, 3)
    assert count_matches(RoutingRule(customer_group="vip"), latest=500) == (3, 3)


def test_a_rule_is_tried_past_an_address_that_is_none():
    Visitor.objects.filter(pk=ask().visitor_id).update(page_url="http://[")
    ask()
    assert count_matches(RoutingRule(page="/kettle"), latest=500) == (1, 2)


def test_a_rule_is_tried_on_no_dialog_that_has_not_begun():
    make_conversation(entries=())
    assert count_matches(RoutingRule(), latest=500) == (0, 0)


# Candidates


def candidates(**asked):
    return list_candidates(at=NOON, **{"department_id": None, **asked})


def test_who_is_online_with_a_free_place_could_take_it():
    at_desk("Anna")
    full = at_desk("Full", capacity=1)
    take(ask(), full)
    away = at_desk("Away")
    choose_status(actor=actor_of_operator(away), status="away", at=NOON)
    make_operator(name="At home")
    dismissed = at_desk("Dismissed")
    Operator.objects.filter(pk=dismissed.pk).update(is_active=False)
    assert names(candidates()) == ["Anna"]


def test_a_capacity_of_none_is_no_place():
    at_desk("Boss", capacity=0)
    assert candidates() == []


def test_a_department_has_its_own_people():
    anna, _boris = at_desk("Anna"), at_desk("Boris")
    assert names(candidates(department_id=department_of(anna).pk)) == ["Anna"]


def test_a_department_whose_people_are_away_has_nobody():
    at_desk("Anna")
    department = department_of(make_operator(name="At home"))
    assert candidates(department_id=department.pk) == []


def test_a_department_whose_people_were_all_dismissed_is_everybodys():
    at_desk("Anna")
    gone = make_operator(name="Gone")
    Operator.objects.filter(pk=gone.pk).update(is_active=False)
    assert names(candidates(department_id=department_of(gone).pk)) == ["Anna"]


def test_who_answers_in_two_departments_is_a_candidate_of_each_once():
    anna = at_desk("Anna")
    for each in (department_of(anna), department_of(anna, name="Mills")):
        assert names(candidates(department_id=each.pk)) == ["Anna"]


def test_who_was_tried_is_left_out():
    anna, boris = at_desk("Anna"), at_desk("Boris")
    assert names(candidates(without={anna.pk})) == ["Boris"]
    assert candidates(without={anna.pk, boris.pk}) == []


def test_a_candidate_tells_his_load_and_when_he_last_got_a_dialog():
    anna = at_desk("Anna")
    at_desk("Boris")
    take(ask(), anna, at=ASKED)
    take(ask(), anna, at=ASKED + MINUTE)
    found = {each.name: (each.load, each.idle_since) for each in candidates()}
    assert found == {"Anna": (2, ASKED + MINUTE), "Boris": (0, None)}


def test_any_number_of_candidates_takes_three_queries(django_assert_num_queries):
    people = [at_desk(str(number)) for number in range(6)]
    department = department_of(*people)
    with django_assert_num_queries(3):
        assert len(candidates(department_id=department.pk)) == 6


def test_nobody_at_all_is_one_query(django_assert_num_queries):
    department = department_of()
    with django_assert_num_queries(1):
        assert candidates(department_id=department.pk) == []


def test_a_silent_connection_is_no_candidate():
    at_desk("Anna", at=NOON - timedelta(hours=1))
    assert candidates() == []


# Who knows the visitor


def test_who_led_the_latest_dialog_knows_the_visitor():
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    visitor = make_visitor()
    for number, operator in enumerate((anna, boris)):
        make_conversation(
            visitor=visitor,
            operator=operator,
            entries=(("visitor", "?"), ("operator", "!")),
            closed_as="answered",
            at=NOON + number * 10 * SECOND,
        )
    assert known_operator(visitor_id=visitor.pk) == boris.pk


def test_a_stranger_is_known_to_nobody():
    take(ask(), make_operator())
    assert known_operator(visitor_id=now(ask()).visitor_id) is None
