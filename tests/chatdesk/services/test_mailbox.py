"""The whole circle: a copy goes out by SMTP, its answer comes in by IMAP, once."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.cache import cache

from chatdesk import worker
from chatdesk.models import Entry, ReceivedMail
from chatdesk.selectors.visitors import actor_of
from chatdesk.senders.imap import NoMailbox
from chatdesk.services import mailbox
from chatdesk.services.mailbox import fetch_mail, fetch_mail_if_set
from chatdesk.services.transcripts import request_transcript
from chatdesk.tasks import fetch_mail as fetch_mail_task
from tests.factories import NOON, make_conversation, make_operator, prove_address

pytestmark = pytest.mark.django_db

ADDRESS = "marat@mail.ru"
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def box(settings, imap_server):
    cache.clear()
    settings.CHATDESK = {
        "MAIL_DIGEST": False,
        "MAIL_IN_ADDRESS": "chat+{token}@shop.example",
        "MAIL_IN_IMAP": imap_server.url,
        "SITE_URL": "https://shop.example",
    }
    return imap_server


@pytest.fixture
def conversation():
    dialog = make_conversation(
        operator=make_operator(name="Anna"),
        entries=(("visitor", "Is it in stock?"), ("operator", "Yes, three.")),
        at=NOON,
    )
    prove_address(dialog.visitor, ADDRESS)
    return dialog


def mail_copy(conversation, smtp_server):
    """Let the visitor have his copy; return the mail as it arrived at his server."""
    request_transcript(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        email=ADDRESS,
        at=NOON,
    )
    worker.run_due(at=NOON)
    return smtp_server.messages[-1]


def answer_to(copy, words, number=1):
    """Return the reply to a mail as the visitor's program writes it."""
    reply = EmailMessage()
    reply["From"] = f"Marat <{ADDRESS}>"
    reply["To"] = copy["Reply-To"]
    reply["Subject"] = f"Re: {copy['Subject']}"
    reply["Message-ID"] = f"<reply-{number}@mail.ru>"
    reply["In-Reply-To"] = reply["References"] = copy["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in copy.get_body().get_content().split())
    reply.set_content(f"{words}\n\nOn Mon, 2 Mar 2026, Shop wrote:\n{quoted}\n")
    return reply.as_bytes()


def heard(conversation):
    rows = Entry.objects.filter(
        conversation=conversation, author_kind="v", kind=Entry.Kind.MESSAGE
    )
    return list(rows.order_by("seq").values_list("text", flat=True))


def test_the_answer_to_a_copy_is_a_message_of_the_dialog(
    conversation, smtp_server, box
):
    copy = mail_copy(conversation, smtp_server)
    box.mails.append(answer_to(copy, "Then two of them, please."))

    assert fetch_mail(at=LATER) == {"posted": 1}

    assert heard(conversation) == ["Is it in stock?", "Then two of them, please."]
    conversation.refresh_from_db()
    assert conversation.waiting_since == LATER
    assert conversation.preview == "Then two of them, please."


def test_a_mail_fetched_twice_is_one_message(conversation, smtp_server, box):
    box.mails.append(answer_to(mail_copy(conversation, smtp_server), "Two, please."))
    fetch_mail(at=LATER)
    box.seen.clear()

    assert fetch_mail(at=LATER) == {"posted": 1}

    assert heard(conversation) == ["Is it in stock?", "Two, please."]
    assert ReceivedMail.objects.count() == 1


def test_a_mail_delivered_twice_is_one_message(conversation, smtp_server, box):
    box.mails += [answer_to(mail_copy(conversation, smtp_server), "Two, please.")] * 2

    assert fetch_mail(at=LATER) == {"posted": 2}

    assert heard(conversation) == ["Is it in stock?", "Two, please."]


def test_a_box_that_keeps_no_marks_doubles_nothing(conversation, smtp_server, box):
    box.refuses_flags = True
    box.mails.append(answer_to(mail_copy(conversation, smtp_server), "Two, please."))
    for _ in range(3):
        fetch_mail_if_set(at=LATER)
    assert heard(conversation) == ["Is it in stock?", "Two, please."]


def test_two_answers_come_in_the_order_of_the_box(conversation, smtp_server, box):
    copy = mail_copy(conversation, smtp_server)
    for number, words in enumerate(["Two, please.", "No, three."]):
        box.mails.append(answer_to(copy, words, number))
    fetch_mail(at=LATER)
    assert heard(conversation)[1:] == ["Two, please.", "No, three."]


def test_a_line_that_begins_with_from_is_no_quote(conversation, smtp_server, box):
    copy = mail_copy(conversation, smtp_server)
    box.mails.append(answer_to(copy, "Two, please.\nFrom Monday on I am at home."))
    fetch_mail(at=LATER)
    assert heard(conversation)[1] == "Two, please.\nFrom Monday on I am at home."


def test_russian_words_arrive_as_they_were_written(conversation, smtp_server, box):
    copy = mail_copy(conversation, smtp_server)
    box.mails.append(answer_to(copy, "Тогда две, пожалуйста. Ещё — чайник 🫖"))
    fetch_mail(at=LATER)
    assert heard(conversation)[1] == "Тогда две, пожалуйста. Ещё — чайник 🫖"


def test_each_mail_of_a_mixed_box_is_counted_for_what_it_is(
    conversation, smtp_server, box
):
    copy = mail_copy(conversation, smtp_server)
    box.mails += [
        b"From: news@mail.ru\r\nMessage-ID: <1@x>\r\nPrecedence: bulk\r\n\r\nBuy!",
        b"From: eve@mail.ru\r\nMessage-ID: <2@x>\r\n\r\nLet me in.",
        answer_to(copy, "Two, please."),
        answer_to(copy, "", 2),
    ]
    counted = {"automatic": 1, "unknown": 1, "posted": 1, "empty": 1}
    assert fetch_mail(at=LATER) == counted
    assert box.seen == {1, 2, 3, 4}
    assert heard(conversation)[1:] == ["Two, please."]


def test_a_mail_that_was_not_stored_comes_again(
    conversation, smtp_server, box, monkeypatch
):
    box.mails.append(answer_to(mail_copy(conversation, smtp_server), "Two, please."))
    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "receive_mail", lambda *_args, **_kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fetch_mail(at=LATER)
    assert box.seen == set()
    assert fetch_mail(at=LATER) == {"posted": 1}


def test_what_came_in_before_the_box_went_away_is_kept(
    conversation, smtp_server, box, monkeypatch
):
    copy = mail_copy(conversation, smtp_server)
    box.mails += [answer_to(copy, "Two, please.", 1), answer_to(copy, "Or one.", 2)]
    answer = type(box).answer
    monkeypatch.setattr(
        type(box),
        "answer",
        lambda self, asked: (b"", "NO") if "FETCH 2" in asked else answer(self, asked),
    )
    fetch_mail_if_set(at=LATER)
    assert heard(conversation)[1:] == ["Two, please."]
    monkeypatch.undo()
    fetch_mail_if_set(at=LATER)
    assert heard(conversation)[1:] == ["Two, please.", "Or one."]


def test_a_mail_that_cannot_be_read_holds_up_nobody(conversation, smtp_server, box):
    copy = mail_copy(conversation, smtp_server)
    broken = (
        b"Content-Transfer-Encoding: %zzutf-8*0*=\r\nContent-Type: ;utf-8*\r\n\r\nx"
    )
    box.mails += [broken, answer_to(copy, "Two, please.")]
    assert fetch_mail(at=LATER) == {"unknown": 1, "posted": 1}
    assert heard(conversation)[1:] == ["Two, please."]


def test_without_a_box_there_is_nothing_to_fetch(settings):
    settings.CHATDESK = {}
    with pytest.raises(NoMailbox, match="MAIL_IN_IMAP"):
        fetch_mail(at=LATER)


def test_a_periodic_job_without_a_box_says_nothing(settings, caplog):
    settings.CHATDESK = {}
    fetch_mail_if_set(at=LATER)
    assert caplog.records == []


def test_a_box_that_is_away_is_a_warning_without_names(settings, caplog):
    settings.CHATDESK = {"MAIL_IN_IMAP": "imap://chat:hidden@127.0.0.1:1/INBOX"}
    fetch_mail_if_set(at=LATER)
    assert "Mail was not fetched: ConnectionRefusedError" in caplog.text
    assert "hidden" not in caplog.text


def test_a_wrong_password_is_a_warning_without_it(settings, caplog, box):
    url = box.url.replace("s3", "hidden")
    settings.CHATDESK = {"MAIL_IN_IMAP": url}
    fetch_mail_if_set(at=LATER)
    assert "Mail was not fetched" in caplog.text
    assert "hidden" not in caplog.text


def test_the_task_fetches_and_ignores_what_it_does_not_know(
    conversation, smtp_server, box
):
    box.mails.append(answer_to(mail_copy(conversation, smtp_server), "Two, please."))
    fetch_mail_task(of="a newer release")
    assert heard(conversation)[-1] == "Two, please."
    assert fetch_mail_task.name == "chatdesk.fetch_mail"
