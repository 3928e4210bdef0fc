"""Subscriptions of operators' browsers to pushes. The only writer of new ones."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from chatdesk.actors import OperatorActor
from chatdesk.errors import Invalid, NotFound
from chatdesk.models import PushSubscription
from chatdesk.models.subscription import ENDPOINT_LENGTH
from chatdesk.senders.push import are_push_keys, is_push_address, is_push_possible

MOST_DEVICES = 10


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself, and the session that speaks for it."""

    endpoint: str
    p256dh: str
    auth: str
    user_agent: str = ""
    language: str = ""
    session_key: str = ""


def subscribe_browser(
    *, actor: OperatorActor, browser: Browser, at: datetime
) -> PushSubscription:
    """Let this browser be called for the operator, and for nobody who used it before.

    Of more than ten browsers of one operator the oldest is forgotten. Raises
    ``NotFound`` where there is no push and ``Invalid`` for an address that is not one
    of the push services' or keys that are none.
    """
    if not is_push_possible():
        raise NotFound
    if len(browser.endpoint) > ENDPOINT_LENGTH or not is_push_address(browser.endpoint):
        raise Invalid
    if not are_push_keys(browser.p256dh, browser.auth):
        raise Invalid
    row, _ = PushSubscription.objects.update_or_create(
        endpoint=browser.endpoint,
        defaults={
            "operator_id": actor.id,
            "p256dh": browser.p256dh,
            "auth": browser.auth,
            "user_agent": browser.user_agent[:300],
            "language": browser.language[:35],
            "login": _mark_of(browser.session_key),
            "failures": 0,
            "subscribed_at": at,
        },
    )
    own = PushSubscription.objects.filter(operator_id=actor.id)
    newest = own.order_by("-subscribed_at", "-pk").values_list("pk", flat=True)
    own.exclude(pk__in=list(newest[:MOST_DEVICES])).delete()
    return row


def unsubscribe_browser(*, actor: OperatorActor, endpoint: str) -> None:
    """Call this browser of the operator no more; unknown ones are none of his."""
    own = PushSubscription.objects.filter(operator_id=actor.id, endpoint=endpoint)
    own.delete()


def forget_login(*, session_key: str) -> None:
    """End what a session subscribed: whoever signs out is not called there."""
    mark = _mark_of(session_key)
    if mark:
        PushSubscription.objects.filter(login=mark).delete()


def _mark_of(session_key: str) -> str:
    # The key itself would be as good as the login to whoever reads the table.
    if not session_key:
        return ""
    return salted_hmac("chatdesk.push", session_key).hexdigest()
