"""Who asks: the visitor by his cookie, the operator by the shop's login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from rest_framework.authentication import (
    BaseAuthentication,
    CSRFCheck,
    SessionAuthentication,
)
from rest_framework.exceptions import UnsupportedMediaType

from chatdesk.api.formats import JSON
from chatdesk.conf import get_settings
from chatdesk.errors import Forbidden, NotFound, Unauthenticated
from chatdesk.origins import is_own_origin
from chatdesk.selectors.operators import get_operator_for_user
from chatdesk.services.visitors import recognise_visitor
from chatdesk.tokens import read_visitor_cookie

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from chatdesk.actors import OperatorActor
    from chatdesk.models import Visitor

SAFE_METHODS = frozenset({"GET", "HEAD"})


class NoAuthentication(BaseAuthentication):
    """Asks nobody who he is, so that the answer costs no query for a session."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """Leave the host's user as it is."""
        return _host_user(request), None


class VisitorAuthentication(BaseAuthentication):
    """Finds the visitor of the cookie as ``request.auth``; None when there is none.

    ``request.user`` stays the shop's own user, for the host's middleware.
    """

    def authenticate(self, request: Request) -> tuple[Any, Visitor | None]:
        """Refuse what another site made the browser send; then look who it is."""
        host_request = request._request
        if host_request.method not in SAFE_METHODS:
            require_same_origin(host_request)
            require_json(host_request)
        return _host_user(request), find_visitor(host_request)


class OperatorAuthentication(SessionAuthentication):
    """Finds the operator of the shop's session as ``request.auth``."""

    def authenticate(self, request: Request) -> tuple[Any, OperatorActor]:
        """Check session, CSRF token, permission and the operator's own row."""
        host_request = request._request
        if host_request.method not in SAFE_METHODS:
            require_json(host_request)
        found = super().authenticate(request)
        if found is None:
            raise Unauthenticated
        user, _ = found
        try:
            return user, get_operator_for_user(user_id=user.pk)
        except NotFound as error:
            raise Forbidden from error

    def enforce_csrf(self, request: Request) -> None:
        """Check the token in the header.

        The check looks for a form first. Asked of the host's request that finds none;
        asked of REST framework's it would parse the body before it is trusted.
        """
        super().enforce_csrf(request._request)  # type: ignore[arg-type]


def find_visitor(request: HttpRequest) -> Visitor | None:
    """Return the visitor behind a request's cookie or login, if he is known here."""
    public_id = read_visitor_cookie(visitor_cookie_of(request))
    try:
        return recognise_visitor(public_id=public_id, user_id=user_id_of(request))
    except NotFound:
        return None


def visitor_cookie_of(request: HttpRequest) -> str:
    """Return the visitor's cookie as it was sent, or an empty text."""
    return request.COOKIES.get(get_settings().visitor_cookie, "")


def user_id_of(request: HttpRequest) -> int | None:
    """Return the key of the shop's user who is signed in, if anybody is."""
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def require_same_origin(request: HttpRequest) -> None:
    """Raise ``Forbidden`` unless a page of this very site sent the request.

    A browser that leaves the origin out must vouch for it in another way.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        is_own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    else:
        is_own = is_own_origin(
            origin, host=request.get_host(), is_secure=request.is_secure()
        )
    if not is_own:
        raise Forbidden


def require_json(request: HttpRequest) -> None:
    """Raise unless the body says that it is JSON, which no foreign form can say."""
    if request.content_type != JSON:
        raise UnsupportedMediaType(request.content_type or "")


def require_token(request: HttpRequest) -> None:
    """Raise ``Forbidden`` unless the request carries the shop's CSRF token.

    The same check that the shop's own forms pass.
    """

    def answered(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    check = CSRFCheck(answered)
    check.process_request(request)
    if check.process_view(request, answered, (), {}) is not None:
        raise Forbidden


def _host_user(request: Request) -> Any:
    # Not asked whether it is true: that alone would load session and user.
    user = getattr(request._request, "user", None)
    return AnonymousUser() if user is None else user
