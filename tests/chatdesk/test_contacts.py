"""The one free field: what people write into it, and what that is."""

import json
from pathlib import Path

import pytest

from chatdesk import contacts
from chatdesk.contacts import recognise_contact

# The widget reads the same table: both sides recognise alike.
TABLE = json.loads(
    (Path(__file__).parents[1] / "contacts.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("text", "kind", "value", "is_junk"), TABLE)
def test_a_contact_is_recognised(text, kind, value, is_junk):
    contact = recognise_contact(text, language="ru")

    assert (contact.kind, contact.value, contact.is_junk) == (kind, value, is_junk)


@pytest.mark.parametrize(("text", "kind", "value", "is_junk"), TABLE)
def test_a_contact_is_recognised_without_the_library_of_numbers(
    text, kind, value, is_junk, monkeypatch
):
    monkeypatch.setattr(contacts, "phonenumbers", None)

    contact = recognise_contact(text)

    assert (contact.kind, contact.value, contact.is_junk) == (kind, value, is_junk)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("marat.k@mail.ru", "mailto:marat.k@mail.ru"),
        ("8 912 345 67 89", "tel:+79123456789"),
        ("@marat_k", "https://t.me/marat_k"),
        ("tg +79123456789", "https://t.me/+79123456789"),
        ("ватсап 8 912 345 67 89", "https://wa.me/79123456789"),
        ("viber +79123456789", "viber://chat?number=%2B79123456789"),
        ("вк marat", "https://vk.com/marat"),
        ("instagram.com/marat", "https://instagram.com/marat"),
    ],
)
def test_there_is_a_way_to_answer(text, link):
    assert recognise_contact(text, language="ru").link == link


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "1@gmail.com", "11111111", "1"]
)
def test_there_is_no_link_to_junk_and_to_tricks(text):
    assert recognise_contact(text).link == ""


def test_an_endless_contact_is_cut_and_takes_no_time():
    contact = recognise_contact("@" + "a." * 50_000)

    assert len(contact.value) <= contacts.MAX_CONTACT_LENGTH
