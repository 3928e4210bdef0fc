"""The command that fetches replies once: for cron, in words."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chatdesk.mail.envelope import thread_address
from chatdesk.models import Entry
from chatdesk.senders import imap
from tests.factories import make_conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings, imap_server):
    settings.CHATDESK = {
        "MAIL_IN_ADDRESS": "chat+{token}@shop.example",
        "MAIL_IN_IMAP": imap_server.url,
    }
    return imap_server


def fetch():
    said = StringIO()
    call_command("chatdesk_mail", stdout=said)
    return said.getvalue().splitlines()


def put_reply(box, conversation, number=1):
    address = thread_address(conversation.public_id)
    head = f"From: marat@mail.ru\r\nTo: {address}\r\nMessage-ID: <{number}@mail.ru>"
    box.mails.append(f"{head}\r\n\r\nWord {number}.\r\n".encode())


def test_it_says_what_became_of_how_many(box):
    conversation = make_conversation()
    put_reply(box, conversation, 1)
    put_reply(box, conversation, 2)
    box.mails.append(b"From: eve@mail.ru\r\nMessage-ID: <3@x>\r\n\r\nHello?\r\n")
    assert fetch() == ["posted: 2", "unknown: 1"]
    assert Entry.objects.filter(text__startswith="Word").count() == 2


def test_it_says_nothing_of_an_empty_box(box):
    assert fetch() == []


def test_a_second_call_finds_nothing_new(box):
    put_reply(box, make_conversation())
    assert fetch() == ["posted: 1"]
    assert fetch() == []


def test_without_a_box_it_names_the_setting():
    with pytest.raises(CommandError, match="MAIL_IN_IMAP names no box"):
        fetch()


def test_what_is_no_address_of_a_box_is_refused_in_words(settings):
    settings.CHATDESK = {"MAIL_IN_IMAP": "shop.example"}
    with pytest.raises(CommandError, match="looks like imaps://"):
        fetch()


def test_without_the_library_it_says_what_to_install(box, monkeypatch):
    monkeypatch.setattr(imap, "imap_tools", None)
    with pytest.raises(CommandError, match="Install imap-tools"):
        fetch()
