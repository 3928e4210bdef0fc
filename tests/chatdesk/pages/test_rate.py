"""The page behind the links of a copy: a question first, a vote only by its button."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chatdesk.models import Conversation, Rating
from chatdesk.tokens import sign_rating
from tests.factories import make_conversation, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def conversation():
    return make_conversation(
        operator=make_operator(),
        entries=(("visitor", "Is it in stock?"), ("operator", "Yes.")),
        closed_as="sale",
    )


def path_of(conversation):
    return f"/chatdesk/rate/{sign_rating(conversation.public_id)}/"


def thumb_of(conversation):
    conversation.refresh_from_db()
    return conversation.thumb


@pytest.mark.parametrize(
    ("language", "thumb", "words"),
    [
        ("en", "up", "Yes, thanks"),
        ("en", "down", "Not really"),
        ("ru", "up", "Да, спасибо"),
        ("xx", "up", "Yes, thanks"),
        ("", "up", "Yes, thanks"),
    ],
)
def test_the_question_is_asked_in_the_language_of_the_dialog(
    client, conversation, language, thumb, words
):
    Conversation.objects.filter(pk=conversation.pk).update(language=language)
    page = client.get(path_of(conversation), {"thumb": thumb}).content.decode()
    assert f"<button>{words}</button>" in page
    assert f'name="thumb" value="{thumb}"' in page


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_looks_votes_nothing(client, conversation, method):
    response = getattr(client, method)(path_of(conversation), {"thumb": "up"})
    assert response.status_code == 200
    assert thumb_of(conversation) == ""
    assert not Rating.objects.exists()


def test_the_button_votes_without_session_and_form_token(conversation):
    client = Client(enforce_csrf_checks=True)
    response = client.post(path_of(conversation), {"thumb": "down"})
    assert "Thank you" in response.content.decode()
    assert thumb_of(conversation) == "down"


def test_a_vote_is_the_visitors_own_and_for_who_led_the_dialog(client, conversation):
    client.post(path_of(conversation), {"thumb": "up"})
    rating = Rating.objects.get()
    assert rating.conversation == conversation
    assert rating.operator == conversation.operator
    assert rating.comment == ""


def test_pressing_twice_is_one_rating_and_the_last_word_counts(client, conversation):
    for thumb in ("up", "up", "down"):
        client.post(path_of(conversation), {"thumb": thumb})
    assert Rating.objects.get().thumb == "down"


def test_after_a_day_it_is_too_late_and_says_so(client, conversation):
    long_ago = timezone.now() - timedelta(hours=25)
    Conversation.objects.filter(pk=conversation.pk).update(closed_at=long_ago)
    response = client.post(path_of(conversation), {"thumb": "up"})
    assert response.status_code == 200
    assert "too late" in response.content.decode()
    assert thumb_of(conversation) == ""


@pytest.mark.parametrize("thumb", ["", "UP", "sideways", "up\0", "<script>"])
def test_what_is_no_thumb_is_no_page(client, conversation, thumb):
    path = path_of(conversation)
    assert client.get(path, {"thumb": thumb}).status_code == 404
    assert client.post(path, {"thumb": thumb}).status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "0" * 32, f"{'0' * 32}:{'x' * 43}", "..", "%00", "ё:ё"]
)
def test_a_made_up_link_leads_nowhere(client, token):
    assert client.get(f"/chatdesk/rate/{token}/", {"thumb": "up"}).status_code == 404


def test_the_signature_of_one_dialog_opens_no_other(client, conversation):
    other = make_conversation()
    _, _, seal = sign_rating(conversation.public_id).partition(":")
    path = f"/chatdesk/rate/{other.public_id.hex}:{seal}/"
    assert client.post(path, {"thumb": "up"}).status_code == 404


def test_the_page_tells_nobody_of_its_address_and_runs_nothing(client, conversation):
    response = client.get(path_of(conversation), {"thumb": "up"})
    assert response["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert '"noindex"' in response.content.decode()
    assert "<script" not in response.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_it_is_looked_at_and_pressed_and_nothing_else(client, conversation, method):
    assert getattr(client, method)(path_of(conversation)).status_code == 405
