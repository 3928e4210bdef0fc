"""Which web page may speak to us: exact origins, scheme, host and port."""

from urllib.parse import urlsplit

from django.conf import settings as host_settings
from django.http.request import split_domain_port, validate_host

from chatdesk.conf import get_settings


def is_own_origin(origin: str | None, *, host: str, is_secure: bool) -> bool:
    """Return whether a page of this origin may act for its visitor.

    That is the site itself as the request names it (``host`` with its port, if
    Django allows it), the shop's address from the settings, and the exact origins the
    shop lists. A missing origin and ``null`` are nobody's.
    """
    if not origin or origin == "null":
        return False
    given = origin.lower()
    if given in _listed():
        return True
    domain, _ = split_domain_port(host.lower())
    allowed = host_settings.ALLOWED_HOSTS or (
        ["localhost", "127.0.0.1", "[::1]", ".localhost"] if host_settings.DEBUG else []
    )
    if not domain or not validate_host(domain, allowed):
        return False
    return given == f"{'https' if is_secure else 'http'}://{host.lower()}"


def _listed() -> frozenset[str]:
    settings = get_settings()
    exact = [each for each in host_settings.CSRF_TRUSTED_ORIGINS if "*" not in each]
    own = urlsplit(settings.site_url)
    if own.scheme and own.netloc:
        exact.append(f"{own.scheme}://{own.netloc}")
    return frozenset(each.lower() for each in (*exact, *settings.allowed_origins))
