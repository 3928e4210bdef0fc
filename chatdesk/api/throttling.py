"""REST framework's face of the rate limiter."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from chatdesk.limits import allow_message, allow_request, client_address


class LimitThrottle(BaseThrottle):
    """Counts one use; each kind below says of what and by whom."""

    seconds: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return whether the request is within its rate."""
        self.seconds = self.count(request)
        return self.seconds is None

    def wait(self) -> float | None:
        """Return for how many seconds to wait."""
        return self.seconds

    def count(self, request: Request) -> float | None:
        """Count the request; return the seconds to wait if it is one too many."""
        raise NotImplementedError


class RequestThrottle(LimitThrottle):
    """Anything at all from one network address."""

    def count(self, request: Request) -> float | None:
        """Count by address."""
        return allow_request(address=address_of(request._request))


class MessageThrottle(LimitThrottle):
    """A visitor's messages, together with those that came by socket."""

    def count(self, request: Request) -> float | None:
        """Count by visitor."""
        visitor: Any = request.auth
        return allow_message(visitor=visitor.public_id, run=_here)


def _here(tell: Callable[[], None]) -> None:
    tell()


def address_of(request: HttpRequest) -> str:
    """Return the network address of whoever sent a request."""
    return client_address(
        peer=request.META.get("REMOTE_ADDR") or "",
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
    )
