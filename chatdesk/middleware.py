"""Watches page views, at the cost of an append; put it first in ``MIDDLEWARE``.

First, so that it sees the session as the shop left it. It reads neither session nor
database, and sets no cookie unless the visitor consented to one.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings as host_settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.insight.browser import (
    VISIT_COOKIE,
    has_new_session,
    read_browser,
    with_consent,
)
from chatdesk.insight.consent import is_watched, read_consent
from chatdesk.insight.seen import Browser, PageView, Seen
from chatdesk.insight.told import told_of
from chatdesk.services.visits import track_visit
from chatdesk.shop.pages import page_of

HEAD = 4096
NOT_SHOPS = frozenset({"admin", "chatdesk"})

logger = logging.getLogger(__name__)


class VisitMiddleware:
    """Keeps what a page view tells; whatever goes wrong here, the page is served."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(
        self, request: HttpRequest
    ) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer as the shop does, and note what was shown."""
        if self._is_async:
            return self._answer_later(request)
        began_at = clock.now()
        response: HttpResponseBase = self._get_response(request)
        _note_safely(request, response, began_at)
        return response

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        began_at = clock.now()
        response: HttpResponseBase = await self._get_response(request)
        if get_settings().consent:
            # The shop's function may ask its database.
            await sync_to_async(_note_safely)(request, response, began_at)
        else:
            _note_safely(request, response, began_at)
        return response


def _note_safely(
    request: HttpRequest, response: HttpResponseBase, began_at: datetime
) -> None:
    try:
        if is_watched():
            _note(request, response, began_at)
    except Exception:
        logger.exception("A page view could not be noted")


def _note(request: HttpRequest, response: HttpResponseBase, began_at: datetime) -> None:
    is_view = _is_page_view(request, response)
    told = told_of(request)
    if not is_view and not told and not has_new_session(request):
        return
    browser = read_browser(request)
    if browser is None:
        return
    facts: list[Seen] = []
    if is_view:
        browser = _consented(request, response, browser)
        facts.append(_view(request, response, browser, began_at))
    elif has_new_session(request):
        facts.append(Seen(browser=browser, at=began_at))
    facts.extend(fact(browser) for fact in told)
    track_visit(*facts)


def _is_page_view(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.headers.get("Content-Type", "").startswith("text/html")
        and match is not None
        and NOT_SHOPS.isdisjoint(match.app_names)
        and _is_looked_at(request)
    )


def _is_looked_at(request: HttpRequest) -> bool:
    # A browser that says what it loads is believed, an old one that says nothing too.
    # Read off META: making ``request.headers`` costs a quarter of all that is done.
    sent = request.META
    ahead = sent.get("HTTP_SEC_PURPOSE") or sent.get("HTTP_PURPOSE") or ""
    is_document = sent.get("HTTP_SEC_FETCH_DEST", "document") == "document"
    return is_document and "prefetch" not in ahead


def _view(
    request: HttpRequest,
    response: HttpResponseBase,
    browser: Browser,
    began_at: datetime,
) -> PageView:
    is_plain = isinstance(response, HttpResponse) and (
        "Content-Encoding" not in response.headers
    )
    return PageView(
        browser=browser,
        at=began_at,
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        referrer=request.META.get("HTTP_REFERER", ""),
        host=request.META.get("HTTP_HOST", ""),
        page=page_of(request),
        head=response.content[:HEAD] if is_plain else b"",  # type: ignore[attr-defined]
    )


def _consented(
    request: HttpRequest, response: HttpResponseBase, browser: Browser
) -> Browser:
    """Give somebody who consented a name of his own for as long as his browser runs."""
    if request.COOKIES.get(VISIT_COOKIE) or read_consent(request) is not True:
        return browser
    name = secrets.token_urlsafe(18)
    if isinstance(response, HttpResponse):
        response.set_cookie(
            VISIT_COOKIE,
            name,
            path=host_settings.SESSION_COOKIE_PATH,
            secure=request.is_secure() or host_settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return with_consent(browser, name)
