"""The page of shifts: what is planned wrong is said at its field."""

import pytest

from chatdesk.models import Shift
from tests.factories import make_operator

pytestmark = pytest.mark.django_db

LIST = "/admin/chatdesk/shift/"
ADD = f"{LIST}add/"


def sent(operator, begin, end, **more):
    day = "2026-11-27"
    return {
        "operator": operator.pk if operator else "",
        "begins_at_0": day if begin else "",
        "begins_at_1": begin,
        "ends_at_0": day if end else "",
        "ends_at_1": end,
        **more,
    }


def errors_of(answer):
    return answer.context["adminform"].form.errors


def test_a_shift_is_planned_and_listed(admin_client):
    operator = make_operator(name="Anna")

    answer = admin_client.post(
        ADD, sent(operator, "09:00", "18:00", is_responsible="on"), follow=True
    )

    assert answer.status_code == 200
    shift = Shift.objects.get()
    assert (shift.operator, shift.is_responsible) == (operator, True)
    assert (shift.ends_at - shift.begins_at).total_seconds() == 9 * 3600
    assert b"Anna" in admin_client.get(LIST).content


@pytest.mark.parametrize(
    ("begin", "end", "field", "words"),
    [
        ("18:00", "09:00", "ends_at", "not after the beginning"),
        ("09:00", "09:00", "ends_at", "not after the beginning"),
        ("10:00", "11:00", "begins_at", "another shift"),
        ("08:00", "09:01", "begins_at", "another shift"),
        ("", "18:00", "begins_at", "required"),
        ("19:00", "", "ends_at", "required"),
        ("25:00", "26:00", "begins_at", "Enter a valid time"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin_client, begin, end, field, words):
    operator = make_operator()
    admin_client.post(ADD, sent(operator, "09:00", "12:00"))

    errors = errors_of(admin_client.post(ADD, sent(operator, begin, end)))

    assert words in str(errors[field])
    assert Shift.objects.count() == 1


def test_a_shift_may_follow_another_at_once(admin_client):
    operator = make_operator()
    for begin, end in (("09:00", "12:00"), ("12:00", "15:00")):
        admin_client.post(ADD, sent(operator, begin, end))

    assert Shift.objects.count() == 2


def test_a_shift_of_nobody_is_refused(admin_client):
    errors = errors_of(admin_client.post(ADD, sent(None, "09:00", "12:00")))

    assert list(errors) == ["operator"]


def test_a_shift_may_be_made_longer_and_does_not_stand_in_its_own_way(admin_client):
    operator = make_operator()
    admin_client.post(ADD, sent(operator, "09:00", "12:00"))
    change = f"{LIST}{Shift.objects.get().pk}/change/"

    admin_client.post(change, sent(operator, "09:00", "13:00"))

    shift = Shift.objects.get()
    assert (shift.ends_at - shift.begins_at).total_seconds() == 4 * 3600


def test_who_may_not_plan_sees_no_plan(clerk, client):
    assert clerk.get(LIST).status_code == 403
    assert clerk.post(ADD, {}).status_code == 403
    assert client.get(LIST).status_code == 302


def test_the_list_is_as_many_queries_for_many_shifts(
    admin_client, django_assert_max_num_queries
):
    for number in range(5):
        operator = make_operator(name=f"Operator {number}")
        admin_client.post(ADD, sent(operator, "09:00", "12:00"))

    with django_assert_max_num_queries(12):
        admin_client.get(LIST)


def exchange(client, *shifts):
    """Choose shifts and exchange them; return what the page says to it."""
    client.get(LIST)  # What was said before is shown, and gone.
    body = {"action": "exchange", "_selected_action": [each.pk for each in shifts]}
    page = client.post(LIST, body, follow=True)
    return [str(each) for each in page.context["messages"]]


def test_two_operators_exchange_their_shifts(admin_client):
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    admin_client.post(ADD, sent(anna, "09:00", "12:00", is_responsible="on"))
    admin_client.post(ADD, sent(boris, "12:00", "18:00"))
    early, late = Shift.objects.order_by("begins_at")

    (words,) = exchange(admin_client, early, late)

    assert "Anna and Boris" in words
    now = Shift.objects.order_by("begins_at")
    found = [(each.operator.name, each.is_responsible) for each in now]
    assert found == [("Boris", True), ("Anna", False)]


def test_shifts_that_would_overlap_are_not_exchanged(admin_client):
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    admin_client.post(ADD, sent(anna, "09:00", "12:00"))
    admin_client.post(ADD, sent(anna, "13:00", "16:00"))
    admin_client.post(ADD, sent(boris, "12:00", "15:00"))
    morning, noon, _evening = Shift.objects.order_by("begins_at")

    (words,) = exchange(admin_client, morning, noon)

    assert "already" in words
    assert [each.operator.name for each in Shift.objects.order_by("begins_at")] == [
        "Anna",
        "Boris",
        "Anna",
    ]


def test_one_shift_or_two_of_one_operator_are_no_exchange(admin_client):
    anna = make_operator(name="Anna")
    for begin, end in (("09:00", "12:00"), ("12:00", "15:00")):
        admin_client.post(ADD, sent(anna, begin, end))
    early, late = Shift.objects.order_by("begins_at")

    assert exchange(admin_client, early) == ["Choose exactly two shifts."]
    (words,) = exchange(admin_client, early, late)
    assert "cannot" in words
