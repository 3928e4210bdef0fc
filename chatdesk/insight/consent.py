"""May this browser be watched? The shop's consent tool answers, not chatdesk.

The shop names a cookie of its tool (``CONSENT_COOKIE = "cookies=all"``), or a function
of the request (``CONSENT = "shop.privacy.has_consent"``) that returns True, False for
a refusal, or None where nobody was asked yet.
"""

import logging
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest
from django.utils.module_loading import import_string

from chatdesk.conf import get_settings

OFF, STRICT = "off", "strict"

logger = logging.getLogger(__name__)


def is_watched() -> bool:
    """Return whether this shop watches visits at all."""
    return get_settings().tracking != OFF


def may_watch(request: HttpRequest) -> bool:
    """Return whether anything of this request may be kept."""
    settings = get_settings()
    if settings.tracking == OFF:
        return False
    given = read_consent(request)
    return given is True or (given is None and settings.tracking != STRICT)


def read_consent(request: HttpRequest) -> bool | None:
    """Return what the visitor told the shop; None when it is not known.

    A function of the shop that fails is no consent, and the page goes on.
    """
    settings = get_settings()
    if settings.consent:
        try:
            answer = _function(settings.consent)(request)
        except Exception:
            logger.exception("The shop's consent function failed")
            return False
        return None if answer is None else bool(answer)
    name, _, wanted = settings.consent_cookie.partition("=")
    if not name or name not in request.COOKIES:
        return None
    return not wanted or request.COOKIES[name] == wanted


@cache
def _function(path: str) -> Callable[[HttpRequest], object]:
    function: Callable[[HttpRequest], object] = import_string(path)
    return function
