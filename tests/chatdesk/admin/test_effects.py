"""Failed effects can be tried again; nothing else of them can be changed."""

import pytest
from django.test import Client
from django.utils import timezone

from chatdesk.models import Effect
from chatdesk.services.effects import Promise, promise_effects
from tests.factories import make_conversation

LIST = "/admin/chatdesk/effect/"

pytestmark = pytest.mark.django_db


def make_effect(state: str) -> Effect:
    """Make the mail of a copy that stands somewhere."""
    now = timezone.now()
    conversation = make_conversation()
    promise = Promise(
        kind=Effect.Kind.TRANSCRIPT_MAIL,
        conversation_id=conversation.pk,
        key=f"copy:{conversation.pk}",
        due_at=now,
        target="ingrid@example.com",
    )
    promise_effects([promise], at=now)
    Effect.objects.filter(key=promise.key).update(state=state, attempts=10)
    return Effect.objects.get(key=promise.key)


def retry(client: Client, *effects: Effect) -> str:
    """Select effects and try them again; return what the page says."""
    selected = [effect.pk for effect in effects]
    data = {"action": "retry", "_selected_action": selected}
    return client.post(LIST, data, follow=True).content.decode()


def test_a_failed_mail_is_tried_again(manager: Client) -> None:
    failed, done = make_effect("failed"), make_effect("done")

    page = retry(manager, failed, done)

    failed.refresh_from_db()
    done.refresh_from_db()
    assert (failed.state, failed.attempts) == ("due", 0)
    assert (done.state, done.attempts) == ("done", 10)
    assert "1 effect will be tried again." in page


def test_nothing_failed_is_nothing_tried(manager: Client) -> None:
    assert "0 effects will be tried again." in retry(manager, make_effect("done"))


def test_only_those_who_may_change_effects_try_again(clerk: Client) -> None:
    failed = make_effect("failed")

    retry(clerk, failed)

    failed.refresh_from_db()
    assert failed.state == "failed"


def test_effects_are_read_and_not_written(manager: Client) -> None:
    effect = make_effect("failed")
    change = f"{LIST}{effect.pk}/change/"

    page = manager.get(change).content.decode()

    assert "ingrid@example.com" in page
    assert manager.post(change, {"target": "thief@example.com"}).status_code == 403
    assert manager.get(LIST + "add/").status_code == 403
    assert manager.post(f"{LIST}{effect.pk}/delete/").status_code == 403
