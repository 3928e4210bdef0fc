"""Subscriptions of operators' browsers to pushes. The only writer of new ones."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.crypto import constant_time_compare, salted_hmac

from chatdesk.actors import OperatorActor
from chatdesk.errors import Invalid, NotFound
from chatdesk.models import Operator, PushSubscription
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
    user = Operator.objects.select_related("user").get(pk=actor.id).user
    row, _ = PushSubscription.objects.update_or_create(
        endpoint=browser.endpoint,
        defaults={
            "operator_id": actor.id,
            "p256dh": browser.p256dh,
            "auth": browser.auth,
            "user_agent": browser.user_agent[:300],
            "language": browser.language[:35],
            "login": _mark_of(browser.session_key),
            "stamp": _mark_of(user.get_session_auth_hash()),
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


def is_of_password(row: PushSubscription, user: AbstractBaseUser) -> bool:
    """Return whether it was made with the password that the user still has.

    A new password ends all other logins of the user, and what they subscribed.
    """
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(row.stamp, _mark_of(each)) for each in hashes)


def forget_old_passwords() -> int:
    """End what was subscribed before a new password; return how many there were."""
    rows = PushSubscription.objects.select_related("operator__user")
    old = [row.pk for row in rows if not is_of_password(row, row.operator.user)]
    if old:
        PushSubscription.objects.filter(pk__in=old).delete()
    return len(old)


def _mark_of(secret: str) -> str:
    # The secret itself would be as good as the login to whoever reads the table.
    return salted_hmac("chatdesk.push", secret).hexdigest() if secret else ""
