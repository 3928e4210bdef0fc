"""Reading mail: whose it is, whether a person wrote it, and what he said himself."""

from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from django.test import override_settings

from chatdesk.mail import incoming
from chatdesk.mail.envelope import thread_address
from chatdesk.mail.incoming import read_mail, strip_quotes

THREAD = UUID("0b8f5c1e-3b1a-4a53-9c7d-2f6f5f9f1a11")
OURS = UUID("7f9f5c1e-3b1a-4a53-9c7d-2f6f5f9f1a22")


@pytest.fixture(autouse=True)
def address(settings):
    settings.CHATDESK = {"MAIL_IN_ADDRESS": "chat+{token}@shop.example"}
    return thread_address(THREAD)


def mail(*lines, body="Hello?"):
    """Return a mail with these lines as its head."""
    return "\r\n".join([*lines, "", body]).encode()


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("From: marat@mail.ru", "marat@mail.ru"),
        ("From: Marat <Marat@Mail.RU>", "marat@mail.ru"),
        ('From: "Marat, K." <marat@mail.ru>', "marat@mail.ru"),
        ("From: =?utf-8?b?0JzQsNGA0LDRgg==?= <marat@mail.ru>", "marat@mail.ru"),
        ("From: marat@mail.ru, eve@mail.ru", "marat@mail.ru"),
        ("From:", ""),
        ("Subject: no sender", ""),
    ],
)
def test_who_sent_it(line, sender):
    assert read_mail(mail(line)).sender == sender


@pytest.mark.parametrize(
    "header", ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"]
)
def test_its_dialog_is_named_by_whichever_receiver_is_ours(address, header):
    raw = mail("From: marat@mail.ru", f"{header}: Shop <{address}>")
    assert read_mail(raw).thread == THREAD


@pytest.mark.parametrize(
    "receivers",
    ["other@shop.example, {ours}", "{ours}, other@shop.example", "X <{ours}>, a@b.c"],
)
def test_its_dialog_is_found_among_other_receivers(address, receivers):
    assert read_mail(mail(f"To: {receivers.format(ours=address)}")).thread == THREAD


@pytest.mark.parametrize("header", ["From", "Reply-To", "Bcc", "Subject", "X-To"])
def test_no_other_header_names_a_dialog(address, header):
    assert read_mail(mail(f"{header}: {address}")).thread is None


@pytest.mark.parametrize(
    "change",
    [
        lambda ours: ours.replace("chat+", "chat-"),
        lambda ours: ours.replace("shop.example", "evil.example"),
        lambda ours: f"x{ours}",
        lambda ours: f"{ours}.x",
        lambda ours: ours.replace("+", "+x"),
        lambda _: "chat+@shop.example",
        lambda _: "chat+{token}@shop.example",
        lambda _: f"chat+{'a' * 42}@shop.example",
    ],
    ids=range(8),
)
def test_an_address_that_is_not_quite_ours_names_no_dialog(address, change):
    assert read_mail(mail(f"To: {change(address)}")).thread is None


def test_without_an_address_of_replies_no_mail_names_a_dialog(address):
    raw = mail(f"To: {address}")
    with override_settings(CHATDESK={}):
        assert read_mail(raw).thread is None


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([f"In-Reply-To: <{OURS}@shop.example>"], (OURS,)),
        ([f"References: <1@x> <{OURS}@shop.example> <2@y>"], (OURS,)),
        ([f"In-Reply-To: <{OURS}@a>", f"References: <{OURS}@a>"], (OURS,)),
        ([f"References: <{OURS}@a> <{THREAD}@a>"], (OURS, THREAD)),
        ([f"In-Reply-To: {OURS}"], ()),
        (["In-Reply-To: <CAF=x@mail.gmail.com>"], ()),
        ([f"Subject: <{OURS}@shop.example>"], ()),
        ([], ()),
    ],
)
def test_which_mails_of_ours_it_answers(lines, found):
    assert read_mail(mail(*lines)).effects == found


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: Auto-Replied; owner=x",
        "Precedence: Junk",
        "Precedence: list",
        "Precedence: auto_reply",
        "List-Id: News <news.mail.ru>",
        "X-Autorespond: Re: your mail",
        "X-Loop: shop",
        "Return-Path:  <> ",
        f"Message-ID: <{OURS}@anywhere.example>",
    ],
)
def test_a_program_wrote_it(line):
    assert read_mail(mail(line)).is_automatic


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: NO",
        "Precedence: normal",
        "Return-Path: <marat@mail.ru>",
        f"Message-ID: <x.{OURS}@mail.ru>",
        "X-Mailer: Outlook",
    ],
)
def test_a_person_wrote_it(line):
    assert not read_mail(mail(line)).is_automatic


def test_one_message_id_is_one_mail_whatever_else_differs():
    first = read_mail(mail("Message-ID: <1@mail.ru>", body="One."))
    again = read_mail(mail("Received: by x", "Message-ID: <1@mail.ru>", body="One!"))
    other = read_mail(mail("Message-ID: <2@mail.ru>", body="One."))
    assert first.identity == again.identity != other.identity
    assert len(first.identity) == 64


def test_mails_without_a_message_id_are_told_apart_by_all_they_hold():
    first, other = (read_mail(mail("From: a@b.c", body=each)) for each in "12")
    assert first.identity == read_mail(mail("From: a@b.c", body="1")).identity
    assert first.identity != other.identity


@pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "windows-1251", "iso-8859-5"])
def test_russian_words_are_read_in_any_usual_alphabet(charset):
    message = EmailMessage()
    message.set_content("А в красном цвете?", charset=charset)
    assert read_mail(message.as_bytes()).text == "А в красном цвете?"


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_words_are_read_however_they_travelled(encoding):
    message = EmailMessage()
    message.set_content("And in red?", cte=encoding)
    assert read_mail(message.as_bytes()).text == "And in red?"


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Type: text/plain; charset=klingon",),
        ("Content-Type: text/plain; charset=", "Content-Transfer-Encoding: base64"),
        ("Content-Type: multipart/mixed; boundary=missing",),
        ("Content-Type: multipart/report; boundary=missing",),
        ("Content-Type: image/png",),
        ("Content-Type: ;utf-8*",),
        ("Content-Transfer-Encoding: x-nothing",),
        ("Message-ID: \0", "To: \0"),
    ],
    ids=range(8),
)
def test_what_is_torn_is_read_without_an_error_and_without_a_dialog(lines):
    found = read_mail(mail("From: eve@mail.ru", *lines, body="\0\xff=?="))
    assert found.thread is None
    assert found.bounces == ()
    assert "\0" not in found.text
    assert len(found.identity) == 64


def test_the_plain_part_goes_before_the_page_and_files_are_left_out():
    message = EmailMessage()
    message.set_content("In plain words.")
    message.add_alternative("<p>In a page.</p>", subtype="html")
    message.add_attachment(b"MZ", maintype="application", subtype="x", filename="a.exe")
    message.add_attachment("Secret notes.", filename="notes.txt")
    assert read_mail(message.as_bytes()).text == "In plain words."


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<script>alert(1)</script>One", "One"),
        ("<head><title>No</title></head><body>One</body>", "One"),
        ("One &lt;script&gt; &amp; two", "One <script> & two"),
        ('One<div class="gmail_quote">Old<div>older</div></div>', "One"),
        ("One<blockquote>Old<br><b>older</b></blockquote>", "One"),
        ("<p>One<img src=x onerror=steal()></p>", "One"),
        ("<b>One", "One"),
        ("</p></p>One", "One"),
        ("<!-- hidden -->One", "One"),
    ],
)
def test_of_a_page_the_own_words_are_kept(page, words):
    message = EmailMessage()
    message.set_content(page, subtype="html")
    assert read_mail(message.as_bytes()).text == words


def test_an_endless_body_is_cut():
    found = read_mail(mail("From: a@b.c", body="word " * 100_000))
    assert len(found.text) <= incoming.LONGEST_BODY


REPORT = """From: MAILER-DAEMON@mail.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

{blocks}
--b--
"""


@pytest.mark.parametrize(
    ("block", "email", "reason"),
    [
        ("rfc822; A@b.c\nAction: failed\nStatus: 5.1.1", "a@b.c", "5.1.1"),
        ("rfc822;a@b.c\nAction: FAILED\nStatus: 4.4.7", "a@b.c", "4.4.7"),
        ("rfc822; a@b.c\nStatus: 5.2.2", "a@b.c", "5.2.2"),
        (
            "rfc822; a@b.c\nAction: failed\nDiagnostic-Code: smtp; 550 gone",
            "a@b.c",
            "550 gone",
        ),
    ],
)
def test_a_report_says_which_address_refused_and_why(block, email, reason):
    found = read_mail(REPORT.format(blocks=f"Final-Recipient: {block}\n").encode())
    assert [(each.email, each.reason) for each in found.bounces] == [(email, reason)]
    assert found.text == ""


@pytest.mark.parametrize(
    "block",
    [
        "rfc822; a@b.c\nAction: delayed\nStatus: 4.4.1",
        "rfc822; a@b.c\nAction: delivered\nStatus: 2.0.0",
        "rfc822; a@b.c\nAction: relayed",
        "rfc822;\nAction: failed\nStatus: 5.1.1",
        "a@b.c\nAction: failed\nStatus: 5.1.1",
    ],
)
def test_a_report_of_no_final_refusal_blames_nobody(block):
    raw = REPORT.format(blocks=f"Final-Recipient: {block}\n").encode()
    assert read_mail(raw).bounces == ()


def test_a_report_may_name_several():
    blocks = "\n".join(
        f"Final-Recipient: rfc822; {name}@b.c\nAction: {action}\nStatus: 5.0.0\n"
        for name, action in [("one", "failed"), ("two", "failed")]
    )
    found = read_mail(REPORT.format(blocks=blocks).encode())
    assert [each.email for each in found.bounces] == ["one@b.c", "two@b.c"]


def test_words_that_only_look_like_a_report_are_none():
    raw = mail("From: a@b.c", body="Final-Recipient: rfc822; x@y.z\nAction: failed")
    assert read_mail(raw).bounces == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Yes.\n> old\nNo.", "Yes."),
        ("> old\nYes.", ""),
        ("Yes.\n\n__________\nOld", "Yes."),
        ("Yes.\n--\nMarat", "Yes."),
        ("Yes.\r\n\r\n-- \r\nMarat", "Yes."),
        ("Да.\n\nОтправлено с iPhone", "Да."),
        ("Да.\n\n-------- Исходное сообщение --------\nстарое", "Да."),
        ("Да.\n\n27.11.2026 14:00, Shop <s@x.y>:\n> old", "Да."),
        ("Yes.\n\nOn Fri, 27 Nov 2026 at 14:00, Shop\n<s@x.y> wrote:\n> old", "Yes."),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("a -- b\nc", "a -- b\nc"),
        ("It costs > 50 euros?", "It costs > 50 euros?"),
        ("", ""),
        ("\n\n  \n", ""),
    ],
)
@pytest.mark.parametrize("has_library", [True, False])
def test_what_he_wrote_himself_is_kept_with_and_without_the_library(
    text, kept, has_library, monkeypatch
):
    if not has_library:
        monkeypatch.setattr(incoming, "EmailReplyParser", None)
    assert strip_quotes(text) == kept


@pytest.mark.parametrize("part", ["on ", ">", "x\n\n\n", "* \n", "a@", "пн, "])
def test_a_long_text_made_to_stall_the_library_never_reaches_it(part, monkeypatch):
    given = []

    class Library:
        def __init__(self, **_options):
            pass

        def parse_reply(self, text):
            given.append(text)
            return text

    monkeypatch.setattr(incoming, "EmailReplyParser", Library)
    strip_quotes("x" + part * 20_000)
    assert all(len(each) <= incoming.LONGEST_FOR_LIBRARY for each in given)


def test_many_empty_lines_are_one():
    assert strip_quotes("One." + "\n \n" * 500 + "Two.") == "One.\n\nTwo."


def test_a_stranger_cannot_guess_the_address_of_a_dialog(address):
    name, _, domain = address.partition("@")
    guessed = {thread_address(uuid4()) for _ in range(20)}
    assert address not in guessed
    assert read_mail(mail(f"To: {name[:-16]}{'a' * 16}@{domain}")).thread is None
