"""The operators' workspace: one page that carries its configuration and its policy."""

from urllib.parse import urlsplit

from django.conf import settings as host_settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render, resolve_url
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chatdesk.conf import get_settings
from chatdesk.embed import DEFAULT_LANGUAGE, find_root, strings_language
from chatdesk.errors import NotFound
from chatdesk.selectors.operators import get_operator_for_user
from chatdesk.senders.push import is_push_possible

TEMPLATE = "chatdesk/console.html"


@require_safe
@never_cache
def show_console(request: HttpRequest) -> HttpResponse:
    """Show the workspace to an operator, the way to sign in to a stranger.

    A signed-in user who may not answer gets a page that says so.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    try:
        get_operator_for_user(user_id=request.user.pk)
    except NotFound:
        response = render(request, TEMPLATE, _links(request), status=403)
    else:
        context = {**_links(request), "config": _config(request)}
        response = render(request, TEMPLATE, context)
    return _guarded(request, response)


@require_POST
def leave_console(request: HttpRequest) -> HttpResponse:
    """Sign the operator out and go where the host wants those who left."""
    logout(request)
    return redirect(host_settings.LOGOUT_REDIRECT_URL or "chatdesk:console")


def _config(request: HttpRequest) -> dict[str, str]:
    language = get_language() or DEFAULT_LANGUAGE
    back = urlencode({"next": request.get_full_path()})
    words = f"chatdesk/console-strings.{strings_language(language)}.json"
    return {
        **_links(request),
        "root": find_root(),
        "csrf": get_token(request),
        "lang": language,
        "strings": static(words),
        "login": f"{resolve_url(host_settings.LOGIN_URL)}?{back}",
    }


def _links(request: HttpRequest) -> dict[str, str]:
    # A host's own user model need not know staff.
    is_staff = getattr(request.user, "is_staff", False)
    return {
        "manifest": reverse("chatdesk:console-manifest"),
        "worker": reverse("chatdesk:console-worker"),
        "push": get_settings().vapid_public_key if is_push_possible() else "",
        "logout": reverse("chatdesk:leave-console"),
        "admin": _find_admin() if is_staff else "",
    }


def _find_admin() -> str:
    try:
        return reverse("admin:index")
    except NoReverseMatch:
        return ""


def _guarded(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the page load only what is its own, and let no other page frame it."""
    assets = _origin_of(static("chatdesk/console.js"))
    pictures = _origin_of(default_storage.url("photo"))
    scheme = "wss" if request.is_secure() else "ws"
    # Safari before 15.4 does not count sockets as 'self'.
    sockets = f"{scheme}://{request.get_host()}"
    policy = (
        "default-src 'none'",
        f"script-src 'self' {assets}",
        f"style-src 'self' {assets}",
        f"img-src 'self' data: {pictures}",
        f"connect-src 'self' {sockets} {assets}",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    response["Content-Security-Policy"] = "; ".join(map(str.strip, policy))
    response["X-Frame-Options"] = "DENY"
    response["Referrer-Policy"] = "same-origin"
    return response


def _origin_of(url: str) -> str:
    """Return the origin of an address on another host, else nothing."""
    parts = urlsplit(url)
    return f"{parts.scheme or 'https'}://{parts.netloc}" if parts.netloc else ""
