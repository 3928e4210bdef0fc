"""Signs and reads what leaves us and comes back: cookies, addresses, links."""

import base64
import hmac
import re
from datetime import timedelta
from uuid import UUID

from django.core.signing import (
    BadSignature,
    Signer,
    b62_decode,
    b62_encode,
)
from django.utils.crypto import salted_hmac

from chatdesk import clock
from chatdesk.conf import get_settings

SALT = "chatdesk.visitor"
THREAD_SALT = "chatdesk.thread"
RATING_SALT = "chatdesk.rating"
CODE_SALT = "chatdesk.code"
SEAL_BYTES = 10
RENEW_AFTER = timedelta(days=1)

_HEX = re.compile("[0-9a-f]{32}")


def sign_visitor_cookie(public_id: UUID) -> str:
    """Return the value of the cookie that names this visitor from now on."""
    # As Django's own signer dates, but by the clock that all processes share.
    moment = b62_encode(int(clock.now().timestamp()))
    return Signer(salt=SALT).sign(f"{public_id.hex}:{moment}")


def read_visitor_cookie(value: str) -> UUID | None:
    """Return whom a cookie names; None when it is absent, forged or too old.

    That is not yet permission: ``services.visitors.recognise_visitor`` also asks
    whether the visitor belongs to the login of the shop that sent the cookie.
    """
    return _read(value, max_age=get_settings().visitor_cookie_age)


def is_worth_renewing(value: str) -> bool:
    """Return whether a cookie is older than a day, so that a new one is due."""
    return _read(value, max_age=RENEW_AFTER) is None


def sign_thread(public_id: UUID) -> str:
    """Return the part of a mail address that names a dialog; case does not matter.

    Whoever knows it may write into the dialog, as whoever has the cookie may.
    """
    signed = public_id.bytes + _seal(public_id)
    return base64.b32encode(signed).decode().rstrip("=").lower()


def read_thread(token: str) -> UUID | None:
    """Return which dialog an address names; None for anything that is not ours."""
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        signed = base64.b32decode(padded)
    except ValueError:
        return None
    if len(signed) != 16 + SEAL_BYTES:
        return None
    public_id = UUID(bytes=signed[:16])
    return public_id if hmac.compare_digest(signed[16:], _seal(public_id)) else None


def sign_rating(public_id: UUID) -> str:
    """Return what stands for a dialog in the links of its copy."""
    return Signer(salt=RATING_SALT).sign(public_id.hex)


def read_rating(value: str) -> UUID | None:
    """Return which dialog a link of a copy is about; None when it is forged."""
    try:
        name = Signer(salt=RATING_SALT).unsign(value)
    except BadSignature:
        return None
    return UUID(hex=name) if _HEX.fullmatch(name) else None


def code_of(nonce: UUID) -> str:
    """Return the six digits that prove an address; they are kept nowhere."""
    digest = salted_hmac(CODE_SALT, nonce.hex, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def _seal(public_id: UUID) -> bytes:
    return salted_hmac(THREAD_SALT, public_id.hex, algorithm="sha256").digest()[
        :SEAL_BYTES
    ]


def _read(value: str, *, max_age: timedelta) -> UUID | None:
    try:
        name, _, moment = Signer(salt=SALT).unsign(value).rpartition(":")
    except BadSignature:
        return None
    age = clock.now().timestamp() - b62_decode(moment)
    if age > max_age.total_seconds() or not _HEX.fullmatch(name):
        return None
    return UUID(hex=name)
