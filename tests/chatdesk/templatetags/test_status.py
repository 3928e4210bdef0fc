"""The words on a shop's page that say whether anybody is there."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils import translation

from chatdesk.templatetags import chatdesk as tags
from chatdesk.wire.objects import Availability, to_ms

STATUS = "{% load chatdesk %}{% chatdesk_status %}"
OPENING = datetime(2026, 11, 30, 8, tzinfo=UTC)  # Nine o'clock in Berlin.


@pytest.fixture(autouse=True)
def _forget():
    tags.state.forget()
    yield
    tags.state.forget()


def render(state, **facts):
    tags.state.remember(Availability(state=state, **facts))
    return engines["django"].from_string(STATUS).render({})


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("online", "We are here: ask us anything."),
        ("busy", "We are talking to others"),
        ("away", "Nobody is here just now."),
        ("offline", "We are closed now. Write"),
        ("unknown", "Nobody is here just now."),
    ],
)
def test_each_state_has_its_words(state, words):
    html = render(state)

    assert f'data-state="{state}"' in html
    assert words in html


@pytest.mark.parametrize("state", ["online", "busy", "away", "offline"])
def test_each_state_has_russian_words(state):
    english = render(state)
    with translation.override("ru"):
        russian = render(state)

    assert russian != english
    assert any("а" <= letter <= "я" for letter in russian)


def test_a_closed_shop_says_when_it_opens_in_the_zone_of_the_site():
    html = render("offline", opens_at=to_ms(OPENING))

    assert "back on Monday, 30 November, 09:00." in html


def test_it_says_so_in_the_language_of_the_page():
    with translation.override("ru"):
        html = render("offline", opens_at=to_ms(OPENING))

    assert "30 ноября, 09:00" in html.lower()


def test_the_words_are_one_element_that_a_shop_can_style():
    html = render("online")

    assert html.startswith('<span class="chatdesk-status"')
    assert html.endswith("</span>")
    assert html.count("<") == 2


@pytest.mark.django_db
def test_the_words_may_be_kept_in_a_variable():
    source = "{% load chatdesk %}{% chatdesk_status as words %}[{{ words }}]"
    tags.state.remember(Availability(state="online"))

    html = engines["django"].from_string(source).render({})

    assert html.startswith('[<span class="chatdesk-status"')
