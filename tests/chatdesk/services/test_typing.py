"""Typing signs: a visitor's words for staff, an operator's for nobody."""

import pytest

from chatdesk.actors import VisitorActor
from chatdesk.doorbell.listeners import listen
from chatdesk.models import Entry, Storefront
from chatdesk.selectors.storefronts import may_peek
from chatdesk.services.typing import share_sign, share_typing
from tests.factories import NOON, actor_of_operator, make_conversation, make_operator
from tests.hearing import Ear

pytestmark = pytest.mark.django_db


@pytest.fixture
def ear():
    listener = Ear()
    leave = listen(listener)
    yield listener
    leave()


def test_a_visitors_draft_is_whispered_with_its_moment(ear):
    conversation = make_conversation()
    actor = VisitorActor(id=conversation.visitor_id, public_id=conversation.public_id)

    share_typing(
        public_id=conversation.public_id.hex, actor=actor, text="And do you", at=NOON
    )

    (sign,) = ear.whispers
    assert (sign.public_id, sign.author, sign.kind, sign.text) == (
        conversation.public_id.hex,
        "v",
        "draft",
        "And do you",
    )
    assert sign.at == int(NOON.timestamp() * 1000)
    assert not Entry.objects.filter(text="And do you").exists()


def test_an_operators_words_never_leave_before_they_are_sent(ear):
    operator = make_operator()

    share_typing(
        public_id="0" * 32, actor=actor_of_operator(operator), text="Hmm", at=NOON
    )

    (sign,) = ear.whispers
    assert (sign.author, sign.kind, sign.by, sign.text) == (
        "o",
        "typing",
        str(operator.pk),
        "",
    )
    assert all("Hmm" not in str(message) for message in ear.published)


def test_a_sign_says_that_somebody_types_and_nothing_of_what(ear):
    conversation = make_conversation()
    actor = VisitorActor(id=conversation.visitor_id, public_id=conversation.public_id)

    share_sign(public_id=conversation.public_id.hex, actor=actor, at=NOON)

    (sign,) = ear.whispers
    assert (sign.author, sign.kind, sign.text) == ("v", "typing", "")


@pytest.mark.parametrize("switched_off_by", ["the settings", "the storefront"])
def test_a_shop_may_forbid_to_look_on(settings, switched_off_by):
    assert may_peek()
    if switched_off_by == "the settings":
        settings.CHATDESK = {"SNEAK_PEEK": False}
    else:
        Storefront.objects.update(sneak_peek=False)

    assert not may_peek()
