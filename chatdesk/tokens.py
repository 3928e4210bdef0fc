"""Signs and reads what a browser keeps for us: the visitor's cookie."""

import re
from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

from chatdesk.conf import get_settings

SALT = "chatdesk.visitor"
RENEW_AFTER = timedelta(days=1)

_HEX = re.compile("[0-9a-f]{32}")


def sign_visitor_cookie(public_id: UUID) -> str:
    """Return the value of the cookie that names this visitor from now on."""
    return _signer().sign(public_id.hex)


def read_visitor_cookie(value: str) -> UUID | None:
    """Return whom a cookie names; None when it is absent, forged or too old.

    That is not yet permission: ``services.visitors.recognise_visitor`` also asks
    whether the visitor belongs to the login of the shop that sent the cookie.
    """
    return _read(value, max_age=get_settings().visitor_cookie_age)


def is_worth_renewing(value: str) -> bool:
    """Return whether a cookie is older than a day, so that a new one is due."""
    return _read(value, max_age=RENEW_AFTER) is None


def _read(value: str, *, max_age: timedelta) -> UUID | None:
    try:
        name = _signer().unsign(value, max_age=max_age)
    except BadSignature:
        return None
    return UUID(hex=name) if _HEX.fullmatch(name) else None


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT)
