"""Reads who asks from a request, without a query and without a cookie of our own.

A visit goes by the surest of these that the browser sends anyway: chatdesk's cookie of
somebody who wrote, our cookie of somebody who consented, the shop's session. Only a
digest of each is used. A browser that sends none goes by its address, name and language
of this day: such a visit goes by a name that is thrown away half an hour later.
"""

from dataclasses import replace
from uuid import UUID

from django.conf import settings as host_settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.insight.consent import may_watch
from chatdesk.insight.seen import Browser
from chatdesk.insight.text import clean
from chatdesk.limits import client_address
from chatdesk.tokens import read_visitor_cookie

VISIT_COOKIE = "chatdesk_visit"
BRIEF = "b"
LANGUAGE = "HTTP_ACCEPT_LANGUAGE"
SALT = "chatdesk.visit"


def read_browser(request: HttpRequest) -> Browser | None:
    """Return who asks, or None where nothing may be kept or staff look at their shop.

    What the shop has not looked at, login and session, is not looked at here either.
    """
    if not may_watch(request):
        return None
    user = getattr(request, "_cached_user", None)
    if getattr(user, "is_staff", False):
        return None
    cookie = request.COOKIES.get(get_settings().visitor_cookie, "")
    visitor = read_visitor_cookie(cookie) if cookie else None
    address = client_address(
        peer=request.META.get("REMOTE_ADDR") or "",
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
    )
    user_agent = request.META.get("HTTP_USER_AGENT", "")[:300]
    keys = _sure_keys(request, visitor)
    if not _sends_any(request, visitor):
        day, language = f"{clock.now():%Y%m%d}", request.META.get(LANGUAGE, "")
        keys.append(_key(BRIEF, f"{day} {address} {user_agent} {language[:100]}"))
    return Browser(
        keys=tuple(keys),
        visitor=visitor,
        user_id=user.pk if user is not None and user.is_authenticated else None,
        address=address,
        user_agent=clean(user_agent, longest=300),
        language=_language(request.META.get(LANGUAGE, "")),
    )


def is_brief(key: str) -> bool:
    """Return whether a key is one that is thrown away soon."""
    return key.startswith(BRIEF)


def key_of_visitor(public_id: UUID) -> str:
    """Return the key of somebody whom chatdesk's own cookie names."""
    return _key("v", public_id.hex)


def with_consent(browser: Browser, name: str) -> Browser:
    """Return the browser of somebody who gets the cookie ``name`` for his visit."""
    sure = sum(key.startswith("v") for key in browser.keys)
    keys = (*browser.keys[:sure], _key("c", name[:64]), *browser.keys[sure:])
    return replace(browser, keys=keys)


def has_new_session(request: HttpRequest) -> bool:
    """Return whether this request began a session, or changed its key by signing in."""
    now = getattr(getattr(request, "session", None), "session_key", None)
    return now is not None and now != _sent_session(request)


def _sure_keys(request: HttpRequest, visitor: UUID | None) -> list[str]:
    keys = [] if visitor is None else [key_of_visitor(visitor)]
    if consented := request.COOKIES.get(VISIT_COOKIE):
        keys.append(_key("c", consented[:64]))
    now = getattr(getattr(request, "session", None), "session_key", None)
    sessions = dict.fromkeys(filter(None, (now, _sent_session(request))))
    return [*keys, *(_key("s", str(session)[:64]) for session in sessions)]


def _sends_any(request: HttpRequest, visitor: UUID | None) -> bool:
    sent = request.COOKIES.get(VISIT_COOKIE) or _sent_session(request)
    return visitor is not None or bool(sent)


def _sent_session(request: HttpRequest) -> str | None:
    return request.COOKIES.get(host_settings.SESSION_COOKIE_NAME)


def _key(kind: str, name: str) -> str:
    return kind + salted_hmac(SALT, f"{kind} {name}").hexdigest()[:31]


def _language(header: str) -> str:
    first = header.split(",", 1)[0].split(";", 1)[0]
    return clean(first, longest=35)
