"""A manager makes departments and is told when one has nobody to answer."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chatdesk.models import Department, Membership, Operator, RoutingRule
from tests.factories import make_conversation, make_operator

pytestmark = pytest.mark.django_db

ADD = {
    "name": "Returns",
    "position": "1",
    "is_active": "on",
    "memberships-TOTAL_FORMS": "1",
    "memberships-INITIAL_FORMS": "0",
}


def test_a_department_without_operators_is_said_to_have_none(
    manager: Client,
) -> None:
    url = reverse("admin:chatdesk_department_add")
    page = manager.post(url, ADD, follow=True)
    assert Department.objects.get().name == "Returns"
    assert "Nobody can answer in “Returns”" in page.content.decode()


def test_a_department_with_an_operator_is_saved_without_a_warning(
    manager: Client,
) -> None:
    anna = make_operator(name="Anna")
    url = reverse("admin:chatdesk_department_add")
    data = {**ADD, "memberships-0-operator": str(anna.pk)}
    page = manager.post(url, data, follow=True)
    assert Membership.objects.get().operator == anna
    assert "Nobody can answer" not in page.content.decode()


# Routing rules

RULE = {"name": "Kettles", "position": "1", "is_active": "on", "head_start": "0"}


def add_rule(manager: Client, **fields: str) -> str:
    """Send the form of a new rule; return the page that comes back."""
    url = reverse("admin:chatdesk_routingrule_add")
    return manager.post(url, {**RULE, **fields}, follow=True).content.decode()


def test_a_rule_that_does_nothing_is_refused(manager: Client) -> None:
    page = add_rule(manager, page="/kettles/*")
    assert "Choose a department or a head start" in page
    assert not RoutingRule.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"page": "kettles"}, "Begin with / or *"),
        ({"page": "/kettles?page=2"}, "Leave out what begins with ?"),
        ({"cart_from": "100", "cart_below": "50"}, "nothing would match"),
        ({"head_start": "4000"}, "3600"),
    ],
)
def test_a_rule_that_can_match_nothing_is_refused_where_it_is_entered(
    manager: Client, fields: dict[str, str], said: str
) -> None:
    page = add_rule(manager, **{"head_start": "60", **fields})
    assert said in page
    assert not RoutingRule.objects.exists()


def test_a_rule_that_would_have_met_no_dialog_is_kept_with_a_warning(
    manager: Client,
) -> None:
    make_conversation()
    page = add_rule(manager, head_start="60", page="/nowhere/*")
    assert "would have matched nothing" in page
    assert RoutingRule.objects.count() == 1


def test_a_rule_into_a_department_without_operators_says_so(manager: Client) -> None:
    department = Department.objects.create(name="Returns")
    page = add_rule(manager, department=str(department.pk))
    assert "Nobody can answer in “Returns”" in page


def test_a_rule_that_fits_is_saved_without_a_word(manager: Client) -> None:
    make_conversation()
    page = add_rule(manager, head_start="60", page="/kettle*", language="en")
    assert "would have matched nothing" not in page
    assert RoutingRule.objects.get().head_start == 60


# Who may, and what is refused


def edit(manager: Client, department: Department, **fields: str) -> str:
    """Send the form of a department that exists; return the page that comes back."""
    url = reverse("admin:chatdesk_department_change", args=[department.pk])
    data = {**ADD, "name": department.name, **fields}
    return manager.post(url, data, follow=True).content.decode()


@pytest.mark.parametrize("model", ["department", "routingrule"])
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_the_pages_are_for_those_who_may(
    client: Client, clerk: Client, manager: Client, model: str, page: str
) -> None:
    url = reverse(f"admin:chatdesk_{model}_{page}")
    assert client.get(url).status_code == 302
    assert clerk.get(url).status_code == 403
    assert manager.get(url).status_code == 200


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"position": "-1"}, "greater than or equal to 0"),
        ({"position": "first"}, "Enter a whole number"),
        ({"storefront": "987"}, "Select a valid choice"),
        ({"memberships-0-operator": "987"}, "Select a valid choice"),
    ],
)
def test_a_department_that_makes_no_sense_is_refused(
    manager: Client, fields: dict[str, str], is_said: str
) -> None:
    url = reverse("admin:chatdesk_department_add")
    page = manager.post(url, {**ADD, **fields}, follow=True).content.decode()
    assert is_said in page
    assert not Department.objects.exists()


def test_two_departments_of_one_name_are_refused(manager: Client) -> None:
    Department.objects.create(name="Returns")
    page = manager.post(reverse("admin:chatdesk_department_add"), ADD)
    assert "already exists" in page.content.decode()
    assert Department.objects.count() == 1


def test_nobody_is_twice_in_a_department(manager: Client) -> None:
    anna = make_operator(name="Anna")
    data = {
        **ADD,
        "memberships-TOTAL_FORMS": "2",
        "memberships-0-operator": str(anna.pk),
        "memberships-1-operator": str(anna.pk),
    }
    manager.post(reverse("admin:chatdesk_department_add"), data)
    assert Membership.objects.count() == 0


def test_a_department_whose_operators_were_dismissed_is_said_to_have_none(
    manager: Client,
) -> None:
    anna = make_operator(name="Anna")
    department = Department.objects.create(name="Returns")
    Membership.objects.create(department=department, operator=anna)
    assert "Nobody can answer" not in edit(manager, department)
    Operator.objects.filter(pk=anna.pk).update(is_active=False)
    assert "Nobody can answer" in edit(manager, department)


def test_a_department_that_is_given_up_needs_nobody(manager: Client) -> None:
    department = Department.objects.create(name="Returns")
    assert "Nobody can answer" not in edit(manager, department, is_active="")
    department.refresh_from_db()
    assert not department.is_active


def test_a_department_with_dialogs_is_never_deleted(admin_client: Client) -> None:
    kept = Department.objects.create(name="Returns")
    idle = Department.objects.create(name="Idle")
    conversation = make_conversation()
    conversation.department = kept
    conversation.save(update_fields=["department"])
    for each in (kept, idle):
        url = reverse("admin:chatdesk_department_delete", args=[each.pk])
        admin_client.post(url, {"post": "yes"})
    assert list(Department.objects.all()) == [kept]


def test_a_manager_deletes_no_department(manager: Client) -> None:
    department = Department.objects.create(name="Returns")
    url = reverse("admin:chatdesk_department_delete", args=[department.pk])
    assert manager.post(url, {"post": "yes"}).status_code == 403


def test_the_list_counts_those_who_can_answer(manager: Client) -> None:
    department = Department.objects.create(name="Returns")
    for name in ("Anna", "Boris", "Gone"):
        operator = make_operator(name=name)
        Membership.objects.create(department=department, operator=operator)
    Operator.objects.filter(name="Gone").update(is_active=False)
    page = manager.get(reverse("admin:chatdesk_department_changelist"))
    assert 'field-members">2<' in page.content.decode()


@pytest.mark.parametrize("model", [Department, RoutingRule])
def test_a_list_of_any_length_takes_as_many_queries(
    manager: Client,
    model: type[Department] | type[RoutingRule],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    anna = make_operator(name="Anna")
    for number in range(12):
        department = Department.objects.create(name=str(number))
        Membership.objects.create(department=department, operator=anna)
        RoutingRule.objects.create(name=str(number), department=department)
    url = reverse(f"admin:chatdesk_{model._meta.model_name}_changelist")
    with django_assert_max_num_queries(12):
        assert manager.get(url).status_code == 200


EVIL = "<script>alert(1)</script>"


def test_names_are_text_in_lists_and_warnings(manager: Client) -> None:
    department = Department.objects.create(name=EVIL)
    RoutingRule.objects.create(name=EVIL, department=department, page=f"/{EVIL}")
    pages = [edit(manager, department)]
    for model in ("department", "routingrule"):
        url = reverse(f"admin:chatdesk_{model}_changelist")
        pages.append(manager.get(url).content.decode())
    pages.append(add_rule(manager, department=str(department.pk)))
    assert not [page for page in pages if EVIL in page]
    assert all("&lt;script&gt;" in page for page in pages)


# Rules that warn


@pytest.mark.parametrize(
    ("fields", "stored"),
    [
        ({"page": "  /kettles/*  "}, {"page": "/kettles/*"}),
        ({"page": "*"}, {"page": "*"}),
        ({"page": "/чайники/*"}, {"page": "/чайники/*"}),
        ({"cart_from": "0", "cart_below": "0.01"}, {"cart_from": Decimal(0)}),
        ({"cart_from": "99.50"}, {"cart_from": Decimal("99.50")}),
        ({"language": "ru"}, {"language": "ru"}),
        ({"customer_group": "VIP"}, {"customer_group": "VIP"}),
        ({"head_start": "3600"}, {"head_start": 3600}),
        ({"is_active": ""}, {"is_active": False}),
    ],
)
def test_a_rule_is_kept_as_it_was_meant(
    manager: Client, fields: dict[str, str], stored: dict[str, object]
) -> None:
    add_rule(manager, **{"head_start": "60", **fields})
    rule = RoutingRule.objects.get()
    assert {name: getattr(rule, name) for name in stored} == stored


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"page": "https://shop.example/kettles/"},
        {"page": "/kettles/#top"},
        {"page": "/" + "x" * 300},
        {"cart_from": "50", "cart_below": "50"},
        {"cart_from": "a lot"},
        {"cart_from": "1.999"},
        {"language": "x" * 11},
        {"head_start": "-1"},
        {"head_start": "soon"},
        {"department": "987"},
        {"position": ""},
    ],
)
def test_a_rule_that_makes_no_sense_is_not_kept(
    manager: Client, fields: dict[str, str]
) -> None:
    add_rule(manager, **{"head_start": "60", **fields})
    assert not RoutingRule.objects.exists()


def test_a_rule_into_a_department_that_was_given_up_says_so(manager: Client) -> None:
    department = Department.objects.create(name="Returns", is_active=False)
    page = add_rule(manager, department=str(department.pk))
    assert "“Returns” is not active" in page
    assert "Nobody can answer" not in page


@pytest.mark.parametrize(
    ("dialogs", "said"),
    [
        (0, ""),
        (1, "not the latest dialog by its page"),
        (3, "none of the latest 3 dialogs"),
    ],
)
def test_the_warning_counts_the_dialogs_that_it_looked_at(
    manager: Client, dialogs: int, said: str
) -> None:
    for _ in range(dialogs):
        make_conversation()
    page = add_rule(manager, head_start="60", language="fi")
    assert ("would have matched nothing" in page) is bool(said)
    assert said in page


def test_the_warnings_are_russian_for_a_russian_manager(manager: Client) -> None:
    manager.cookies["django_language"] = "ru"
    department = Department.objects.create(name="Возвраты")
    page = add_rule(manager, department=str(department.pk))
    assert "Nobody can answer" not in page
    assert "«Возвраты»" in page
    refused = add_rule(manager, page="kettles", head_start="60")
    assert "Begin with / or *" not in refused
    assert RoutingRule.objects.count() == 1
