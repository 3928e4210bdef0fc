"""The box of replies: what is unread is taken once, and marked when it was."""

import pytest

from chatdesk.senders import imap
from chatdesk.senders.imap import NoMailbox, fetch_unseen
from tests.services.imap import ImapServer

FIRST = b"From: marat@mail.ru\r\nSubject: One\r\n\r\nFirst.\r\n"
SECOND = b"From: marat@mail.ru\r\nSubject: Two\r\n\r\nFrom here on, more.\r\n"


def test_unread_mails_come_in_their_order_with_all_their_bytes(imap_server: ImapServer):
    imap_server.mails += [FIRST, SECOND]
    first, second = fetch_unseen(imap_server.url)
    assert b"First." in first
    assert b"\nFrom here on, more." in second


def test_a_mail_that_was_fetched_is_read_and_comes_no_more(imap_server: ImapServer):
    imap_server.mails += [FIRST, SECOND]
    list(fetch_unseen(imap_server.url))
    assert imap_server.seen == {1, 2}
    assert list(fetch_unseen(imap_server.url)) == []


def test_a_mail_that_somebody_read_stays_his(imap_server: ImapServer):
    imap_server.mails += [FIRST, SECOND]
    imap_server.seen.add(1)
    (only,) = fetch_unseen(imap_server.url)
    assert b"Subject: Two" in only


def test_a_mail_is_marked_only_when_the_next_is_asked_for(imap_server: ImapServer):
    imap_server.mails += [FIRST, SECOND]
    mails = fetch_unseen(imap_server.url)
    next(mails)
    assert imap_server.seen == set()
    next(mails)
    assert imap_server.seen == {1}
    mails.close()
    assert imap_server.seen == {1}


def test_fetching_reads_without_marking(imap_server: ImapServer):
    imap_server.mails += [FIRST]
    next(fetch_unseen(imap_server.url))
    (fetched,) = [each for each in imap_server.asked if each.startswith("UID FETCH")]
    assert "BODY.PEEK[]" in fetched


def test_no_more_are_taken_at_once_than_asked_for(imap_server: ImapServer):
    imap_server.mails += [FIRST] * 5
    assert len(list(fetch_unseen(imap_server.url, limit=2))) == 2
    assert imap_server.seen == {1, 2}


def test_an_empty_box_holds_nothing_and_is_left_politely(imap_server: ImapServer):
    assert list(fetch_unseen(imap_server.url)) == []
    assert imap_server.asked[-1] == "LOGOUT"


def test_another_folder_is_named_by_the_path(imap_server: ImapServer):
    imap_server.folder = "Chat/Replies"
    imap_server.mails += [FIRST]
    assert len(list(fetch_unseen(f"{imap_server.url}Chat%2FReplies"))) == 1
    with pytest.raises(Exception, match="NO"):
        list(fetch_unseen(f"{imap_server.url}Elsewhere"))


def test_a_wrong_password_is_said(imap_server: ImapServer):
    url = imap_server.url.replace("s3", "other")
    with pytest.raises(Exception, match="NO"):
        list(fetch_unseen(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/INBOX",
        "imaps:///INBOX",
        "chat@shop.example",
        "imap://",
    ],
)
def test_what_is_no_address_of_a_box_is_said_in_words(url):
    with pytest.raises(NoMailbox, match=r"imaps://user:password@host/INBOX"):
        list(fetch_unseen(url))


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(imap, "imap_tools", None)
    with pytest.raises(NoMailbox, match="imap-tools"):
        list(fetch_unseen("imaps://user:password@host/INBOX"))


@pytest.mark.parametrize(
    ("url", "kind", "port"),
    [
        ("imaps://u:p@host/INBOX", "MailBox", 993),
        ("imaps://u:p@host:1993/INBOX", "MailBox", 1993),
        ("imap://u:p@host/INBOX", "MailBoxUnencrypted", 143),
    ],
)
def test_the_scheme_says_whether_it_is_encrypted(url, kind, port, monkeypatch):
    opened = []

    class Stop(Exception):
        pass

    def open_box(host, *, port, timeout):
        opened.append((host, port, timeout))
        raise Stop

    monkeypatch.setattr(imap.imap_tools, kind, open_box)
    with pytest.raises(Stop):
        list(fetch_unseen(url))
    assert opened == [("host", port, imap.TIMEOUT_S)]
