"""Who opens a socket: the visitor of the cookie, the operator of the session."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings as host_settings
from django.contrib.auth import get_user

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.conf import get_settings
from chatdesk.errors import NotFound
from chatdesk.origins import is_own_origin
from chatdesk.selectors.operators import get_operator_for_user
from chatdesk.selectors.visitors import actor_of, get_visitor
from chatdesk.tokens import read_visitor_cookie

if TYPE_CHECKING:
    from django.http import HttpRequest

Scope = dict[str, Any]


def has_own_origin(scope: Scope) -> bool:
    """Return whether the page that opens the socket is one of the shop."""
    headers = _headers(scope)
    return is_own_origin(
        headers.get("origin"),
        host=_host(headers),
        is_secure=scope.get("scheme") in ("wss", "https") or _is_forwarded(headers),
    )


def find_visitor(scope: Scope) -> VisitorActor | None:
    """Return the visitor whose cookie came with the handshake, if he still counts."""
    cookies = _cookies(scope)
    public_id = read_visitor_cookie(cookies.get(get_settings().visitor_cookie, ""))
    if public_id is None:
        return None
    try:
        return actor_of(get_visitor(public_id=public_id, user_id=_user_id(cookies)))
    except NotFound:
        return None


def find_operator(scope: Scope) -> OperatorActor | None:
    """Return the operator whose session came with the handshake, if he may answer."""
    user_id = _user_id(_cookies(scope))
    if user_id is None:
        return None
    try:
        return get_operator_for_user(user_id=user_id)
    except NotFound:
        return None


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


def _user_id(cookies: dict[str, str]) -> int | None:
    key = cookies.get(host_settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    engine = import_module(host_settings.SESSION_ENGINE)
    request = SimpleNamespace(session=engine.SessionStore(key))
    user = get_user(cast("HttpRequest", request))
    return user.pk if user.is_authenticated and user.is_active else None
