"""A strict Content-Security-Policy, as a careful shop sends it."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def strict_csp(get_response: Answer) -> Answer:
    """Give each request a nonce and let only what carries it run."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)
        response = get_response(request)
        response["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'nonce-{request.csp_nonce}'"
        )
        return response

    return middleware
