"""Enrolling gives a card once and keeps what is on it."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from chatdesk.models import CannedReply, Operator
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.canned import keep_canned_reply
from chatdesk.services.operators import enrol_operator
from chatdesk.services.storefronts import describe_storefront

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
