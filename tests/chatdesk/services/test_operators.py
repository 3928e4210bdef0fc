"""Enrolling gives a card once; who may not answer any more leaves all to others."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from chatdesk.models import (
    Assignment,
    CannedReply,
    Entry,
    Lease,
    Operator,
    PresencePeriod,
)
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.canned import keep_canned_reply
from chatdesk.services.operators import enrol_operator, relieve_operators
from chatdesk.services.storefronts import describe_storefront
from tests.factories import NOON, bring_online, make_conversation, make_operator

PORTRAIT = Path("static/shop/people/anna.png")

pytestmark = pytest.mark.django_db


@pytest.fixture
def user_id(db: None) -> int:
    return get_user_model().objects.create_user(username="anna").pk


def test_a_user_gets_a_card_with_a_small_photo(
    user_id: int, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    pk = enrol_operator(
        user_id=user_id,
        name="Anna",
        title="Coffee gear",
        photo=ContentFile(PORTRAIT.read_bytes(), name="anna.png"),
    )

    operator = Operator.objects.get(pk=pk)
    assert (operator.name, operator.title) == ("Anna", "Coffee gear")
    assert operator.photo.name.endswith(".webp")
    assert operator.photo.size < PORTRAIT.stat().st_size


def test_a_card_that_exists_stays(user_id: int) -> None:
    pk = enrol_operator(user_id=user_id, name="Anna")

    assert enrol_operator(user_id=user_id, name="Somebody else") == pk
    assert Operator.objects.get().name == "Anna"


def test_a_photo_that_is_none_is_refused(user_id: int) -> None:
    with pytest.raises(ValidationError):
        enrol_operator(user_id=user_id, name="Anna", photo=ContentFile(b"x", name="x"))


def test_a_shared_reply_is_added_once() -> None:
    words = {"shortcut": "hi", "language": "en", "title": "Hi"}

    assert keep_canned_reply(**words, text="Hello") is True
    assert keep_canned_reply(**words, text="Rewritten") is False
    assert CannedReply.objects.get().text == "Hello"


def test_the_storefront_says_what_it_is_told() -> None:
    describe_storefront(name="Northbrew", topic="coffee", chips=("One?", "Two?"))

    storefront = get_storefront()
    assert (storefront.name, storefront.topic) == ("Northbrew", "coffee")
    assert storefront.chips == ["One?", "Two?"]


# Who may not answer any more

LATER = NOON + timedelta(seconds=5)
WORDS = (("visitor", "Is it in stock?"), ("operator", "It is."))


def switch_off_user(operator: Operator) -> None:
    get_user_model().objects.filter(pk=operator.user_id).update(is_active=False)


def switch_off_card(operator: Operator) -> None:
    Operator.objects.filter(pk=operator.pk).update(is_active=False)


def take_permission(operator: Operator) -> None:
    operator.user.user_permissions.clear()


def leave_group(operator: Operator) -> None:
    """Take the permission away from one who has it by a group."""
    group = Group.objects.get(name="Operator")
    operator.user.groups.add(group)
    operator.user.user_permissions.clear()
    assert relieve_operators(at=NOON) == 0
    operator.user.groups.clear()


@pytest.mark.parametrize(
    "dismiss", [switch_off_user, switch_off_card, take_permission, leave_group]
)
def test_the_dialogs_of_who_may_not_answer_any_more_wait_for_anyone(dismiss) -> None:
    operator, other = make_operator(name="Anna"), make_operator(name="Boris")
    for each in (operator, other):
        bring_online(each, at=NOON)
    mine = [make_conversation(operator=operator, entries=WORDS) for _ in range(2)]
    his = make_conversation(operator=other, entries=WORDS)
    dismiss(operator)

    assert relieve_operators(at=LATER) == 1

    for conversation in mine:
        conversation.refresh_from_db()
        assert (conversation.status, conversation.operator) == ("waiting", None)
        entry = Entry.objects.filter(conversation=conversation).latest("seq")
        assert (entry.kind, entry.author_kind, entry.seq) == ("released", "s", 4)
        assert entry.data == {"name": "Anna", "reason": "dismissed"}
        assert entry.staff_only
        assert Assignment.objects.get(conversation=conversation).to_at == LATER
    his.refresh_from_db()
    assert his.is_held_by(other.pk)
    assert list(Lease.objects.values_list("operator", flat=True)) == [other.pk]
    period = PresencePeriod.objects.get(operator=operator, to_at=None)
    assert (period.state, period.from_at) == ("offline", LATER)


def test_who_may_answer_keeps_what_he_has_at_the_price_of_one_query(
    django_assert_num_queries,
) -> None:
    for _ in range(3):
        operator = make_operator()
        bring_online(operator, at=NOON)
        make_conversation(operator=operator, entries=WORDS)

    with django_assert_num_queries(1):
        assert relieve_operators(at=LATER) == 0


def test_who_is_relieved_is_relieved_once() -> None:
    operator = make_operator()
    conversation = make_conversation(operator=operator, entries=WORDS)
    take_permission(operator)

    assert [relieve_operators(at=LATER) for _ in range(2)] == [1, 0]

    assert Entry.objects.filter(conversation=conversation).count() == 4
