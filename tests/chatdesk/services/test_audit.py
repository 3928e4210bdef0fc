"""The audit says who read what, and outlives both."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from chatdesk.models import AuditLine
from chatdesk.services.audit import record_view
from tests.factories import make_conversation

pytestmark = pytest.mark.django_db


def test_a_line_names_reader_dialog_and_moment() -> None:
    user = get_user_model().objects.create_user(username="boss")
    conversation = make_conversation()
    at = timezone.now()

    record_view(user_id=user.pk, conversation_id=conversation.pk, at=at)

    line = AuditLine.objects.get()
    assert (line.user, line.conversation, line.act) == (user, conversation, "viewed")
    assert line.at == at


def test_a_line_stays_when_its_reader_is_gone() -> None:
    user = get_user_model().objects.create_user(username="boss")
    conversation = make_conversation()
    record_view(user_id=user.pk, conversation_id=conversation.pk, at=timezone.now())

    user.delete()

    assert AuditLine.objects.get().conversation == conversation
