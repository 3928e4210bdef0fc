"""The storefront's suggestions are lines of text, a few and short."""

import pytest
from django.test import Client

from chatdesk.models import Storefront
from chatdesk.selectors.storefronts import get_storefront

pytestmark = pytest.mark.django_db


def save(client: Client, chips: str) -> Storefront | None:
    """Save these suggestions; None when they were refused."""
    storefront = get_storefront()
    response = client.post(
        f"/admin/chatdesk/storefront/{storefront.pk}/change/",
        {"name": "Northbrew", "topic": "coffee", "chips": chips},
    )
    if response.status_code == 200:
        assert "errorlist" in response.content.decode()
        return None
    storefront.refresh_from_db()
    return storefront


def test_each_line_is_a_suggestion(manager: Client) -> None:
    storefront = save(manager, "Which grinder?\r\n\r\n  How long does it take? \n")

    assert storefront is not None
    assert storefront.chips == ["Which grinder?", "How long does it take?"]
    assert storefront.sneak_peek is False


def test_no_suggestions_are_fine(manager: Client) -> None:
    storefront = save(manager, "")

    assert storefront is not None
    assert storefront.chips == []


@pytest.mark.parametrize("chips", ["a\nb\nc\nd\ne", "x" * 61])
def test_too_many_or_too_long_are_refused(manager: Client, chips: str) -> None:
    assert save(manager, chips) is None


def test_the_form_shows_what_is_there(manager: Client) -> None:
    Storefront.objects.filter(pk=get_storefront().pk).update(chips=["One?", "Two?"])
    path = f"/admin/chatdesk/storefront/{get_storefront().pk}/change/"

    page = manager.get(path).content.decode()

    assert "One?\nTwo?</textarea>" in page


def test_there_is_neither_a_second_nor_none(manager: Client) -> None:
    path = f"/admin/chatdesk/storefront/{get_storefront().pk}/delete/"

    assert manager.get("/admin/chatdesk/storefront/add/").status_code == 403
    assert manager.post(path).status_code == 403
