"""The list of letters: found by state, owner, deadline and words; never written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    make_conversation,
    make_led_conversation,
    make_letter,
    make_operator,
    make_visitor,
)

LIST = "/admin/chatdesk/letter/"
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def contacts(client, query=""):
    """Return the contacts of the listed letters, sorted."""
    page = client.get(f"{LIST}?{query}")
    return sorted(each.contact for each in page.context["cl"].result_list)


@pytest.fixture
def letters():
    """Make one letter of each kind."""
    now = timezone.now()
    anna = make_operator(name="Anna Sokolova")
    held = make_led_conversation(anna)
    make_letter(held, contact="@hers", due_at=now + HOUR)
    make_letter(make_conversation(), contact="@late", due_at=now - HOUR)
    make_letter(
        make_conversation(), contact="test@test", is_junk=True, due_at=now + HOUR
    )
    make_letter(
        make_conversation(),
        contact="@slow",
        state="answered",
        due_at=now - 2 * HOUR,
        answered_at=now - HOUR,
    )
    return anna


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["@hers", "@late", "@slow", "test@test"]),
        ("state__exact=answered", ["@slow"]),
        ("late=open", ["@late"]),
        ("late=answered", ["@slow"]),
        ("is_junk__exact=1", ["test@test"]),
        ("owner=none", ["@late", "@slow", "test@test"]),
        ("contact_kind__exact=email", ["test@test"]),
        ("q=hers", ["@hers"]),
        ("q=nobody+wrote+this", []),
    ],
)
@pytest.mark.usefixtures("letters")
def test_a_manager_finds_letters(manager, query, found):
    assert contacts(manager, query) == found


def test_a_manager_finds_what_one_operator_owes(manager, letters):
    assert contacts(manager, f"owner={letters.pk}") == ["@hers"]


@pytest.mark.usefixtures("letters")
def test_a_contact_that_cannot_be_true_is_said_to_be_made_up(manager):
    page = manager.get(f"{LIST}?is_junk__exact=1").content.decode()
    assert "E-mail: test@test (looks made up)" in page
    assert "looks made up)" not in manager.get(f"{LIST}?late=open").content.decode()


@pytest.mark.usefixtures("letters")
def test_one_past_its_deadline_is_called_overdue(manager):
    page = manager.get(f"{LIST}?late=open").content.decode()
    assert "overdue" in page
    assert (
        "overdue"
        not in manager.get(f"{LIST}?owner=none&late=answered").content.decode()
    )


def test_a_letter_leads_to_its_dialog_and_is_read_only(manager):
    letter = make_letter(make_conversation(visitor=make_visitor(name="<b>Vera</b>")))
    where = f"{LIST}{letter.pk}/change/"

    page = manager.get(where).content.decode()

    assert f"/admin/chatdesk/conversation/{letter.conversation_id}/change/" in page
    assert "<b>Vera" not in page
    assert manager.post(where, {"contact": "@thief"}).status_code == 403
    assert manager.get(f"{LIST}add/").status_code == 403
    assert manager.post(f"{LIST}{letter.pk}/delete/").status_code == 403


def test_other_staff_see_no_letters(clerk):
    assert clerk.get(LIST).status_code == 403


def test_a_long_list_takes_no_more_queries_than_a_short_one(manager):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(LIST).status_code == 200
        return len(captured)

    make_letter(make_led_conversation(make_operator()))
    few = count()
    for number in range(8):
        make_letter(make_led_conversation(make_operator(name=f"Operator {number}")))
    assert count() == few
