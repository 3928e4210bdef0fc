"""Who opens a socket: the visitor of the cookie, the operator of the session."""

from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings as host_settings

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.conf import get_settings
from chatdesk.errors import NotFound
from chatdesk.origins import is_own_origin
from chatdesk.selectors.logins import (
    is_login_of,
    read_sessions,
    user_id_of_session,
)
from chatdesk.selectors.operators import get_operator_for_user, list_signed_in
from chatdesk.selectors.visitors import actor_of, customers_of
from chatdesk.services.visitors import recognise_visitor
from chatdesk.tokens import read_visitor_cookie

Scope = dict[str, Any]
Place = tuple[int, str]


def has_own_origin(scope: Scope) -> bool:
    """Return whether the page that opens the socket is one of the shop."""
    headers = _headers(scope)
    return is_own_origin(
        headers.get("origin"),
        host=_host(headers),
        is_secure=scope.get("scheme") in ("wss", "https") or _is_forwarded(headers),
    )


def session_key_of(scope: Scope) -> str:
    """Return the key of the shop's session that came with the handshake, or nothing."""
    return _cookies(scope).get(host_settings.SESSION_COOKIE_NAME, "")


def find_visitor(scope: Scope) -> VisitorActor | None:
    """Return the visitor whose cookie came with the handshake, if he still counts."""
    public_id = read_visitor_cookie(
        _cookies(scope).get(get_settings().visitor_cookie, "")
    )
    user_id = user_id_of_session(session_key_of(scope))
    try:
        visitor = recognise_visitor(public_id=public_id, user_id=user_id)
    except NotFound:
        return None
    return actor_of(visitor)


def find_operator(scope: Scope) -> OperatorActor | None:
    """Return the operator whose session came with the handshake, if he may answer."""
    user_id = user_id_of_session(session_key_of(scope))
    if user_id is None:
        return None
    try:
        return get_operator_for_user(user_id=user_id)
    except NotFound:
        return None


def look_again(
    visitors: Sequence[Place], operators: Sequence[Place]
) -> tuple[list[bool], list[OperatorActor | None]]:
    """Return which visitors still count, and who each operator still is.

    Each place is the key of an actor and of the session with which his socket came.
    Four queries answer for any number of sockets; for strangers alone it is one.
    """
    customers = customers_of({pk for pk, _ in visitors}) if visitors else {}
    tied = {key for pk, key in visitors if customers.get(pk) is not None}
    sessions = read_sessions(tied | {key for _, key in operators})
    lasting = [
        pk in customers
        and ((user := customers[pk]) is None or is_login_of(sessions.get(key), user))
        for pk, key in visitors
    ]
    staff = list_signed_in(operators, sessions) if operators else []
    return lasting, staff


def _headers(scope: Scope) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in scope.get("headers", ())
    }


def _host(headers: dict[str, str]) -> str:
    own = headers.get("host", "")
    if host_settings.USE_X_FORWARDED_HOST:
        return headers.get("x-forwarded-host", own)
    return own


def _is_forwarded(headers: dict[str, str]) -> bool:
    trusted = host_settings.SECURE_PROXY_SSL_HEADER
    if not trusted:
        return False
    name = trusted[0].removeprefix("HTTP_").replace("_", "-").lower()
    return headers.get(name, "").split(",")[0].strip() == trusted[1]


def _cookies(scope: Scope) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(_headers(scope).get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}
