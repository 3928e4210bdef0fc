"""The rota: shifts follow each other, and are swapped whole."""

from datetime import timedelta

import pytest

from chatdesk.errors import Invalid, NotFound
from chatdesk.models import Shift
from chatdesk.services.rota import overlapping, plan_shift, swap_shift
from tests.factories import NOON, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def at(hours):
    return NOON + timedelta(hours=hours)


def plan(operator, begin, end, **facts):
    return plan_shift(
        operator_id=operator.pk, begins_at=at(begin), ends_at=at(end), **facts
    )


@pytest.mark.parametrize(
    ("begin", "end", "overlaps"),
    [
        (0, 9, True),
        (1, 2, True),
        (-1, 1, True),
        (8, 10, True),
        (-1, 10, True),
        (-2, 0, False),
        (9, 12, False),
        (20, 30, False),
    ],
)
def test_shifts_that_touch_do_not_overlap(begin, end, overlaps):
    operator = make_operator()
    plan(operator, 0, 9)

    assert overlapping(operator.pk, at(begin), at(end)) is overlaps


def test_a_shift_does_not_overlap_with_itself_nor_with_a_colleagues():
    operator, colleague = make_operator(), make_operator()
    shift = plan(operator, 0, 9)

    assert not overlapping(operator.pk, at(1), at(10), but=shift)
    assert not overlapping(colleague.pk, at(0), at(9))


def test_of_two_shifts_in_the_way_leaving_out_one_is_not_enough():
    operator = make_operator()
    shift = plan(operator, 0, 4)
    plan(operator, 5, 9)

    assert overlapping(operator.pk, at(0), at(9), but=shift)


@pytest.mark.parametrize("is_responsible", [True, False])
def test_who_takes_a_shift_over_answers_for_it_as_it_was(is_responsible):
    operator, colleague = make_operator(), make_operator()
    shift = plan(operator, 0, 9, is_responsible=is_responsible)

    swap_shift(shift_id=shift, operator_id=colleague.pk)

    row = Shift.objects.get()
    assert (row.operator, row.is_responsible) == (colleague, is_responsible)
    assert (row.begins_at, row.ends_at) == (at(0), at(9))


def test_nobody_takes_over_a_shift_while_he_works():
    operator, colleague = make_operator(), make_operator()
    shift = plan(operator, 0, 9)
    plan(colleague, 8, 12)

    with pytest.raises(Invalid):
        swap_shift(shift_id=shift, operator_id=colleague.pk)

    assert Shift.objects.get(pk=shift).operator == operator


def test_a_shift_is_not_given_to_nobody():
    shift = plan(make_operator(), 0, 9)

    with pytest.raises(NotFound):
        swap_shift(shift_id=shift, operator_id=0)


@pytest.mark.parametrize(("begin", "end"), [(0, 0), (9, 0)])
def test_a_shift_that_ends_before_it_begins_is_planned_for_nobody(begin, end):
    with pytest.raises(Invalid):
        plan(make_operator(), begin, end)

    assert not Shift.objects.exists()
