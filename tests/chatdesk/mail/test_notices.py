"""The short mails: an answer, a code, a letter's copy and alert, the daily summary."""

from datetime import date, timedelta

import pytest

from chatdesk.mail.answer import compose_answer
from chatdesk.mail.code import compose_code
from chatdesk.mail.digest import Line, Worst, compose_digest
from chatdesk.mail.letter import compose_letter_alert, compose_letter_copy
from chatdesk.models import Conversation, Entry
from chatdesk.tokens import read_thread
from tests.factories import NOON, make_letter, make_visitor

pytestmark = pytest.mark.django_db

HOSTILE = '<img src=x onerror="alert(1)">'
MAIL_IN = {
    "MAIL_IN_ADDRESS": "chat+{token}@shop.example",
    "SITE_URL": "https://shop.example",
}


@pytest.fixture(autouse=True)
def address(settings):
    settings.CHATDESK = MAIL_IN


def parts(mail):
    """Return the plain text and the page of a mail."""
    ((page, kind),) = mail.alternatives
    assert kind == "text/html"
    return mail.body, page


def said(conversation, by="operator"):
    author = {"visitor": "v", "operator": "o"}[by]
    rows = Entry.objects.filter(conversation=conversation, kind="message")
    return list(rows.filter(author_kind=author).order_by("seq"))


@pytest.fixture
def answer(effect, conversation, operator):
    return compose_answer(
        effect=effect,
        conversation=conversation,
        answers=said(conversation),
        names={operator.pk: operator.name},
    )


def test_an_answer_holds_what_the_operator_wrote_and_no_word_of_the_visitor(answer):
    assert answer.to == ["visitor@mail.example"]
    assert "Anna Sokolova" in answer.subject
    for part in parts(answer):
        assert "Yes, the steel one does." in part
        assert "induction hob" not in part
        assert "Perfect." not in part


def test_an_answer_is_replied_to_by_a_signed_address(answer, conversation):
    (reply_to,) = answer.reply_to
    token = reply_to.partition("+")[2].partition("@")[0]
    assert read_thread(token) == conversation.public_id
    assert "Just reply to this e-mail" in answer.body


def test_an_answer_invites_no_reply_that_nobody_would_read(
    effect, conversation, operator, settings
):
    settings.CHATDESK = {}
    mail = compose_answer(
        effect=effect,
        conversation=conversation,
        answers=said(conversation),
        names={operator.pk: operator.name},
    )
    assert "Just reply" not in mail.body


def test_a_code_is_in_the_subject_and_nothing_a_visitor_wrote_is_anywhere(
    effect, conversation
):
    conversation.visitor.name = HOSTILE
    mail = compose_code(effect=effect, conversation=conversation, code="123456")
    assert mail.subject.startswith("123456 ")
    for part in parts(mail):
        assert "123456" in part
        assert "induction" not in part
        assert "img src=x" not in part


@pytest.mark.parametrize(
    ("language", "word"), [("ru", "код"), ("en", "code"), ("xx", "code")]
)
def test_a_code_speaks_the_language_of_the_dialog(effect, conversation, language, word):
    conversation.language = language
    mail = compose_code(effect=effect, conversation=conversation, code="123456")
    assert word in mail.subject


@pytest.fixture
def letter(conversation):
    return make_letter(conversation, due_at=NOON + timedelta(hours=20))


def test_a_letters_copy_holds_the_question_and_by_when_it_is_answered(
    effect, letter, conversation
):
    words = said(conversation, "visitor")
    mail = compose_letter_copy(effect=effect, letter=letter, words=words)
    assert mail.to == ["visitor@mail.example"]
    for part in parts(mail):
        assert "on an induction hob?" in part
        assert "We answer by" in part
        assert "9 a.m." in part
        assert ".." not in part


def test_a_letters_alert_names_the_deadline_and_leads_to_the_dialog(
    effect, letter, conversation
):
    Conversation.objects.filter(pk=conversation.pk).update(preview=HOSTILE)
    letter.conversation.refresh_from_db()
    mail = compose_letter_alert(effect=effect, letter=letter, to=["a@x.example"])
    assert "should have been answered by" in mail.subject
    assert "img" not in mail.subject
    text, page = parts(mail)
    assert HOSTILE in text
    assert HOSTILE not in page
    assert f"https://shop.example/chatdesk/console/#{conversation.public_id.hex}" in (
        text
    )


def test_the_summary_has_every_figure_and_the_worst_with_links(effect, conversation):
    conversation.visitor = make_visitor(name=HOSTILE)
    mail = compose_digest(
        effect=effect,
        day=date(2026, 3, 2),
        figures=[Line("Dialogs", "12", "9"), Line("Likes", "5", "–")],
        worst=[
            Worst(conversation, 95.0, is_disliked=True),
            Worst(conversation, None, is_disliked=False),
        ],
        storefront=conversation.storefront,
        to=["owner@shop.example"],
    )
    assert mail.to == ["owner@shop.example"]
    assert "2026" in mail.subject
    text, page = parts(mail)
    for part in (text, page):
        assert "Dialogs" in part
        assert "12" in part
        assert "nobody answered" in part
        assert "a dislike, answered after" in part
        assert part.count(f"#{conversation.public_id.hex}") == 2
    assert HOSTILE not in page


def test_the_summary_of_a_day_without_trouble_blames_nobody(effect, conversation):
    mail = compose_digest(
        effect=effect,
        day=date(2026, 3, 2),
        figures=[Line("Dialogs", "0", "0")],
        worst=[],
        storefront=conversation.storefront,
        to=["owner@shop.example"],
    )
    assert conversation.public_id.hex not in mail.body
