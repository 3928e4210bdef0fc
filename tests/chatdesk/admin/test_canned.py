"""Canned replies are kept by managers."""

import pytest
from django.test import Client

from chatdesk.models import CannedReply
from tests.factories import make_canned

LIST = "/admin/chatdesk/cannedreply/"

pytestmark = pytest.mark.django_db


def test_a_reply_is_added(manager: Client) -> None:
    form = {"shortcut": "hours", "title": "Hours", "text": "9 to 19", "language": "en"}

    manager.post(LIST + "add/", form)

    reply = CannedReply.objects.get()
    assert (reply.shortcut, reply.operator) == ("hours", None)


def test_a_long_text_is_shortened_in_the_list(manager: Client) -> None:
    make_canned(text="word " * 50)

    page = manager.get(LIST).content.decode()

    assert "word word" in page
    assert "word " * 20 not in page
    assert "…" in page


def test_one_shortcut_means_one_thing(manager: Client) -> None:
    make_canned(shortcut="hi")
    form = {"shortcut": "hi", "title": "Again", "text": "Hi", "language": ""}

    response = manager.post(LIST + "add/", form)

    assert "errorlist" in response.content.decode()
    assert CannedReply.objects.count() == 1
