"""What the shop's views tell of a request, kept on it until the page is answered."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest

from chatdesk.insight.seen import Browser, Seen

Fact = Callable[[Browser], Seen]

_ATTRIBUTE = "_chatdesk_told"
MOST = 20


def tell(request: HttpRequest, fact: Fact) -> None:
    """Keep a fact of this request; a page that tells without end is cut short.

    Django REST framework wraps the request that the middleware sees.
    """
    own = getattr(request, "_request", request)
    told: list[Fact] = own.__dict__.setdefault(_ATTRIBUTE, [])
    if len(told) < MOST:
        told.append(fact)


def told_of(request: HttpRequest) -> Sequence[Fact]:
    """Return what was told while this request was answered."""
    told: Sequence[Fact] = request.__dict__.get(_ATTRIBUTE, ())
    return told
