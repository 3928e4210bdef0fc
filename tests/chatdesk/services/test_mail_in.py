"""Mail that comes in: whose it is, what of it is his own, and what is left out."""

from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.core.cache import cache

from chatdesk.mail.envelope import thread_address
from chatdesk.mail.incoming import strip_quotes
from chatdesk.models import Conversation, Effect, Entry, MailAddress, ReceivedMail
from chatdesk.services.effects import Promise, promise_effects
from chatdesk.services.mail_in import receive_mail
from tests.factories import NOON, make_conversation, make_operator

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = b"""From: MAILER-DAEMON@mail.example
To: shop@shop.example
Message-ID: <bounce-1@mail.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user here

--b--
"""


@pytest.fixture(autouse=True)
def mailbox(settings):
    cache.clear()
    settings.CHATDESK = {
        "MAIL_IN_ADDRESS": "chat+{token}@shop.example",
        "MAIL_IN_LIMIT": 50_000,
    }


@pytest.fixture
def conversation():
    return make_conversation(
        operator=make_operator(),
        entries=(("visitor", "Is it in stock?"), ("operator", "Yes.")),
        at=NOON,
    )


def mail_to(address, text="And in red?", **headers):
    """Return a mail as a person's program writes it."""
    message = EmailMessage()
    message["From"] = "Marat <marat@mail.ru>"
    message["To"] = address
    message["Subject"] = "Re: Your conversation"
    message["Message-ID"] = f"<{uuid4()}.x@mail.ru>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def reply_to(conversation, text="And in red?", **headers):
    return mail_to(thread_address(conversation.public_id), text, **headers)


def words_of(conversation):
    rows = Entry.objects.filter(conversation=conversation, author_kind="v")
    kept = rows.filter(kind=Entry.Kind.MESSAGE).order_by("seq")
    return list(kept.values_list("text", flat=True))[1:]


def test_a_reply_to_the_signed_address_lands_in_its_dialog(conversation):
    assert receive_mail(reply_to(conversation), at=NOON) == "posted"
    assert words_of(conversation) == ["And in red?"]
    assert ReceivedMail.objects.get().conversation == conversation


def test_case_of_the_address_does_not_matter(conversation):
    address = thread_address(conversation.public_id).upper()
    assert receive_mail(mail_to(address), at=NOON) == "posted"


def test_the_same_mail_twice_is_one_message(conversation):
    raw = reply_to(conversation)
    receive_mail(raw, at=NOON)
    assert receive_mail(raw, at=NOON) == "posted"
    assert words_of(conversation) == ["And in red?"]


def test_words_stored_before_a_crash_are_not_stored_again(conversation):
    raw = reply_to(conversation)
    receive_mail(raw, at=NOON)
    ReceivedMail.objects.all().delete()
    receive_mail(raw, at=NOON)
    assert words_of(conversation) == ["And in red?"]


@pytest.mark.parametrize("place", [5, 20, 45])
def test_a_changed_token_belongs_to_no_dialog(conversation, place):
    address = thread_address(conversation.public_id)
    letter = "a" if address[place] != "a" else "b"
    forged = address[:place] + letter + address[place + 1 :]
    assert receive_mail(mail_to(forged), at=NOON) == "unknown"
    assert words_of(conversation) == []


def test_an_answer_to_our_mail_counts_from_the_very_address_only(conversation):
    promise = Promise("answer_mail", conversation.pk, "k", NOON, "marat@mail.ru")
    promise_effects([promise], at=NOON)
    answered = f"<{Effect.objects.get().public_id}@shop.example>"
    raw = mail_to("shop@shop.example", In_Reply_To=answered)
    foreign = mail_to("shop@shop.example", In_Reply_To=answered, From="eve@mail.ru")
    assert receive_mail(foreign, at=NOON) == "unknown"
    assert receive_mail(raw, at=NOON) == "posted"
    assert words_of(conversation) == ["And in red?"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.mail.ru>"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"Message_ID": f"<{uuid4()}@shop.example>"},
    ],
)
def test_what_a_program_wrote_is_left_out(conversation, headers):
    assert receive_mail(reply_to(conversation, **headers), at=NOON) == "automatic"
    assert words_of(conversation) == []


def test_a_mail_without_words_of_its_own_adds_none(conversation):
    raw = reply_to(conversation, "> Yes.\n> Northbrew")
    assert receive_mail(raw, at=NOON) == "empty"
    assert words_of(conversation) == []


def test_a_mail_that_is_too_large_is_not_read(conversation):
    assert receive_mail(reply_to(conversation, "x" * 60_000), at=NOON) == "too_large"


def test_a_long_mail_becomes_a_few_messages(conversation):
    receive_mail(reply_to(conversation, "word " * 1_500), at=NOON)
    assert [len(each) <= 4000 for each in words_of(conversation)] == [True, True]


def test_a_dialog_that_ended_long_ago_is_gone_on_with_in_a_new_one(conversation):
    Conversation.objects.filter(pk=conversation.pk).update(
        status="closed", closed_at=NOON.replace(year=2025)
    )
    assert receive_mail(reply_to(conversation), at=NOON) == "posted"
    newer = Conversation.objects.exclude(pk=conversation.pk).get()
    assert newer.visitor_id == conversation.visitor_id
    assert newer.preview == "And in red?"


def test_html_alone_is_read_as_words_and_never_as_html(conversation):
    message = EmailMessage()
    message["From"] = "marat@mail.ru"
    message["To"] = thread_address(conversation.public_id)
    message["Message-ID"] = "<html-1@mail.ru>"
    page = "<style>p{}</style><p>In &lt;b&gt;red?</p><blockquote>Yes.</blockquote>"
    message.set_content(page, subtype="html")
    assert receive_mail(message.as_bytes(), at=NOON) == "posted"
    assert words_of(conversation) == ["In <b>red?"]


def test_mail_that_came_back_is_remembered_for_the_address(conversation):
    promise = Promise("answer_mail", conversation.pk, "k", NOON, "marat@mail.ru")
    promise_effects([promise], at=NOON)
    assert receive_mail(REPORT % b"marat@mail.ru", at=NOON) == "bounce"
    assert "no such user" in MailAddress.objects.get(email="marat@mail.ru").reason


def test_a_forged_report_silences_nobody():
    assert receive_mail(REPORT % b"stranger@mail.ru", at=NOON) == "bounce"
    assert not MailAddress.objects.exists()


def test_a_report_about_the_shops_own_server_makes_no_address_a_bad_one(conversation):
    promise = Promise("answer_mail", conversation.pk, "k", NOON, "marat@mail.ru")
    promise_effects([promise], at=NOON)
    report = (REPORT % b"marat@mail.ru").replace(b"5.1.1", b"5.7.1")
    assert receive_mail(report, at=NOON) == "bounce"
    assert not MailAddress.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"", b"\0\0\0", b"From: \xff\n\n\xff", b"To: <<<>>>\n\nx", b"x" * 999]
)
def test_nonsense_belongs_to_nobody(raw):
    assert receive_mail(raw, at=NOON) in ("unknown", "empty", "automatic")


@pytest.mark.parametrize(
    "text",
    [
        "Yes, please.\n\nOn Fri, 27 Nov 2026 at 14:00 Northbrew <s@x.y> wrote:\n> old",
        "Yes, please.\n\n-----Original Message-----\nFrom: s@x.y\nold",
        "Yes, please.\n\n--\nMarat",
        "Yes, please.\n\nSent from my phone\n",
        "Yes, please.\n\nпт, 27 нояб. 2026 г. в 14:00, Northbrew <s@x.y>:\n> old",
        "Yes, please.\n\n27.11.2026 14:00, Northbrew пишет:\n> old",
        "Yes, please.\n\nОт: Northbrew <s@x.y>\nold",
        "Yes, please.\n\nAm 27.11.2026 um 14:00 schrieb Northbrew:\n> old",
    ],
)
def test_quotes_and_signatures_are_stripped(text):
    assert strip_quotes(text) == "Yes, please."


def test_words_that_only_look_like_a_quote_stay():
    assert strip_quotes("On Monday I wrote a note.") == "On Monday I wrote a note."
