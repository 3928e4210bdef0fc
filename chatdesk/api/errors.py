"""Refusals and errors as HTTP answers: one shape, and never a word of the input."""

import logging
import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from chatdesk.errors import (
    AlreadyTaken,
    ChatRefusal,
    DatabaseAway,
    NotFound,
    Refusal,
)
from chatdesk.wire.answers import Refused

logger = logging.getLogger(__name__)

DATABASE_PAUSE_S = 2.0

CODES = {
    401: Refusal.FORBIDDEN,
    403: Refusal.FORBIDDEN,
    404: Refusal.NOT_FOUND,
    413: Refusal.TOO_LARGE,
    429: Refusal.RATE,
}


def answer_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what a view raised into an answer; None leaves it to Django.

    The signature is REST framework's; so is the rollback of a host's own transaction.
    """
    del context
    answer = describe(error)
    if answer is None:
        return None
    status, refused = answer
    set_rollback()
    return Response(refused, status=status, headers=headers_of(status, refused))


def describe(error: Exception) -> tuple[int, Refused] | None:
    """Return status and body for an error, or None when it is a fault of ours."""
    match error:
        case ChatRefusal():
            return error.status, refused_of(error)
        case Http404():
            return NotFound.status, refused_of(NotFound())
        case PermissionDenied():
            return 403, _plain(403)
        case exceptions.APIException():
            return error.status_code, _plain(error.status_code)
        case OperationalError() | InterfaceError():
            logger.warning("The database did not answer", exc_info=error)
            away = DatabaseAway(retry_after=DATABASE_PAUSE_S)
            return away.status, refused_of(away)
    return None


def refused_of(refusal: ChatRefusal) -> Refused:
    """Return the body of a refusal."""
    return Refused(
        code=refusal.code,
        text=str(refusal.text),
        retry_after=refusal.retry_after,
        by=refusal.detail if isinstance(refusal, AlreadyTaken) else "",
    )


def headers_of(status: int, refused: Refused) -> dict[str, str]:
    """Return the headers that HTTP wants beside such an answer."""
    if status == 401:
        return {"WWW-Authenticate": 'Cookie realm="chatdesk"'}
    if refused.retry_after is not None:
        return {"Retry-After": str(math.ceil(refused.retry_after))}
    return {}


def _plain(status: int) -> Refused:
    code = CODES.get(status, Refusal.INVALID)
    return Refused(code=code, text=_("This could not be done."))
