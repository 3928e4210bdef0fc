"""Mail handed in by HTTP: for hosts whose mail provider calls an address."""

import hashlib
import hmac
import json

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.services.mail_in import receive_mail

FRESH_S = 300
HEADER = "X-Chatdesk-Signature"


@csrf_exempt
@require_POST
def take_mail(request: HttpRequest) -> JsonResponse:
    """Take one mail: raw, as ``message/rfc822``, or as ``{"raw": "…"}`` in JSON.

    The header ``X-Chatdesk-Signature: t=<seconds>,v1=<hex>`` holds the HMAC-SHA256 of
    ``<seconds>.<body>`` with ``MAIL_IN_SECRET``. Without a secret there is no such
    page.
    """
    secret = get_settings().mail_in_secret
    if not secret:
        raise Http404
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return JsonResponse({"code": "invalid"}, status=400)
    # JSON needs room for its escapes.
    if int(length[:12]) > 2 * get_settings().mail_in_limit:
        return JsonResponse({"code": "too_large"}, status=413)
    body = request.read()
    if not _is_signed(request.headers.get(HEADER, ""), body, secret):
        return JsonResponse({"code": "forbidden"}, status=403)
    raw = _raw_of(request.content_type, body)
    if raw is None:
        return JsonResponse({"code": "invalid"}, status=400)
    outcome = receive_mail(raw, at=clock.now())
    return JsonResponse({"outcome": outcome})


def _is_signed(header: str, body: bytes, secret: str) -> bool:
    parts = dict(each.partition("=")[::2] for each in header.split(","))
    moment, given = parts.get("t", ""), parts.get("v1", "")
    if not (moment.isascii() and moment.isdigit()):
        return False
    if abs(clock.now().timestamp() - int(moment[:12])) > FRESH_S:
        return False
    signed = moment.encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode())


def _raw_of(content_type: str | None, body: bytes) -> bytes | None:
    if content_type != "application/json":
        return body
    try:
        raw = json.loads(body)["raw"]
        return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
