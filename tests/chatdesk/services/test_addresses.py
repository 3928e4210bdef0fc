"""An address is proven by a code: one an hour, five tries, and no word of a visitor."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache

from chatdesk import worker
from chatdesk.errors import RateLimited, WrongCode
from chatdesk.models import ConfirmedAddress, Effect, MailAddress
from chatdesk.selectors.mail import own_address
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.addresses import confirm_address, note_bounce
from chatdesk.services.digests import promise_digest
from chatdesk.services.transcripts import request_transcript
from chatdesk.tokens import code_of, sign_rating
from tests.factories import NOON, make_conversation, make_operator, make_visitor

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "stranger@mail.ru"
EVIL = "BUY NOW https://evil.example"


@pytest.fixture(autouse=True)
def fresh(settings):
    cache.clear()
    settings.CHATDESK = {"MAIL_DIGEST": False, "CODE_RATE": "1000/h"}


def answered(name=EVIL):
    entries = (("visitor", EVIL), ("operator", "Yes."))
    return make_conversation(
        visitor=make_visitor(name=name),
        operator=make_operator(),
        entries=entries,
        at=NOON,
    )


def ask(conversation, code="", at=NOON):
    return request_transcript(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        email=ADDRESS,
        code=code,
        network_address="203.0.113.7",
        at=at,
    )


def code_for(conversation):
    return code_of(ConfirmedAddress.objects.get(visitor=conversation.visitor).nonce)


def test_a_strange_address_gets_six_digits_and_nothing_that_a_visitor_wrote():
    conversation = answered()
    assert ask(conversation) is None
    worker.run_due(at=NOON)
    (letter,) = mail.outbox
    page = letter.alternatives[0][0]
    assert code_for(conversation) in letter.body
    for text in (letter.subject, letter.body, page):
        assert "evil" not in text
        assert "BUY" not in text


def test_the_code_opens_the_way_for_good():
    conversation = answered()
    ask(conversation)
    assert ask(conversation, code=code_for(conversation)) is not None
    assert own_address(conversation.visitor, ADDRESS) == ADDRESS
    assert ask(conversation) is not None
    assert Effect.objects.filter(kind="transcript_mail").count() == 2


def test_many_who_ask_for_one_address_cause_one_mail_an_hour():
    first = answered()
    ask(first)
    ask(first, at=NOON + timedelta(minutes=5))
    for _ in range(5):
        with pytest.raises(RateLimited):
            ask(answered(), at=NOON + timedelta(minutes=6))
    assert Effect.objects.filter(kind="address_code").count() == 1


def test_a_code_has_five_tries_and_half_an_hour():
    conversation = answered()
    ask(conversation)
    right = code_for(conversation)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        with pytest.raises(WrongCode):
            ask(conversation, code=wrong)
    with pytest.raises(WrongCode):
        ask(conversation, code=right)

    late = answered()
    with pytest.raises(WrongCode):
        confirm_address(
            visitor_id=late.visitor_id, email=ADDRESS, code="000000", at=NOON
        )


def test_a_code_of_one_visitor_proves_nothing_for_another():
    first, second = answered(), answered()
    ask(first)
    with pytest.raises(WrongCode):
        ask(second, code=code_for(first))


def test_an_address_that_was_proven_is_no_more_said_to_refuse_mail():
    conversation = answered()
    note_bounce(email=ADDRESS.upper(), reason="550\0 no  such user", at=NOON)
    assert MailAddress.objects.get().reason == "550 no such user"
    ask(conversation)
    ask(conversation, code=code_for(conversation))
    assert not MailAddress.objects.exists()


def test_the_summary_is_promised_once_a_day_by_however_many_beats(settings):
    settings.CHATDESK = {"DIGEST_EMAILS": ["owner@shop.example"]}
    settings.CHATDESK = {**settings.CHATDESK, "SITE_URL": "https://shop.example"}
    conversation = answered(name="<b>Eve</b>")
    tomorrow = conversation.first_message_at + timedelta(days=1)
    assert [promise_digest(at=tomorrow) for _ in range(3)] == [True, False, False]
    worker.run_due(at=tomorrow)
    (summary,) = [each for each in mail.outbox if each.to == ["owner@shop.example"]]
    assert "<b>Eve" not in summary.alternatives[0][0]
    assert "Dialogs: 1" in summary.body


def test_a_link_of_a_copy_votes_only_when_its_button_is_pressed(client):
    conversation = answered()
    path = f"/chatdesk/rate/{sign_rating(conversation.public_id)}/"
    assert client.get(f"{path}?thumb=up").status_code == 200
    conversation.refresh_from_db()
    assert conversation.thumb == ""
    client.post(path, {"thumb": "up"})
    conversation.refresh_from_db()
    assert conversation.thumb == "up"
    assert client.get(f"{path[:-3]}x/?thumb=up").status_code == 404
