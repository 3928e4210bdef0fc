"""A dialog of which copies are made."""

from datetime import timedelta
from uuid import UUID

import pytest

from chatdesk.models import Effect
from tests.factories import NOON, make_conversation, make_operator, make_visitor


@pytest.fixture
def operator():
    return make_operator(name="Anna Sokolova")


@pytest.fixture
def conversation(operator):
    return make_conversation(
        visitor=make_visitor(name="Boris"),
        operator=operator,
        entries=(
            ("visitor", "Hello! Will it work\non an induction hob?"),
            ("operator", "Good afternoon! Yes, the steel one does."),
            ("visitor", "Perfect."),
        ),
        at=NOON + timedelta(hours=1),
    )


@pytest.fixture
def effect(conversation):
    return Effect(
        public_id=UUID("0b8f5c1e-3b1a-4a53-9c7d-2f6f5f9f1a11"),
        kind=Effect.Kind.TRANSCRIPT_MAIL,
        conversation=conversation,
        target="visitor@mail.example",
    )
