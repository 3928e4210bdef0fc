"""Origins: scheme, host and port, exactly; nobody else's page may speak to us."""

import pytest

from chatdesk.origins import is_own_origin
from chatdesk.realtime.authentication import has_own_origin

SHOP = "https://shop.example"


@pytest.fixture(autouse=True)
def shop(settings):
    settings.ALLOWED_HOSTS = ["shop.example", ".parts.example", "[2001:db8::1]"]


@pytest.mark.parametrize(
    ("origin", "host", "is_secure"),
    [
        ("https://shop.example", "shop.example", True),
        ("http://shop.example", "shop.example", False),
        ("http://shop.example:8000", "shop.example:8000", False),
        ("HTTPS://SHOP.EXAMPLE", "Shop.Example", True),
        ("https://a.parts.example", "a.parts.example", True),
        ("http://[2001:db8::1]:8000", "[2001:db8::1]:8000", False),
    ],
)
def test_the_site_itself_may_speak(origin, host, is_secure):
    assert is_own_origin(origin, host=host, is_secure=is_secure)


@pytest.mark.parametrize(
    ("origin", "host", "is_secure"),
    [
        pytest.param(None, "shop.example", True, id="no origin"),
        pytest.param("", "shop.example", True, id="empty"),
        pytest.param("null", "shop.example", True, id="sandboxed frame or file"),
        pytest.param("http://shop.example", "shop.example", True, id="other scheme"),
        pytest.param("https://shop.example", "shop.example", False, id="not secure"),
        pytest.param("https://shop.example:444", "shop.example", True, id="other port"),
        pytest.param("https://shop.example", "shop.example:444", True, id="our port"),
        pytest.param("https://evil.example", "shop.example", True, id="other host"),
        pytest.param("https://evil.example", "evil.example", True, id="forged host"),
        pytest.param("https://shop.example.evil", "shop.example", True, id="longer"),
        pytest.param("https://evilshop.example", "shop.example", True, id="prefix"),
        pytest.param("https://a.shop.example", "shop.example", True, id="subdomain"),
        pytest.param("https://shop.example/", "shop.example", True, id="a path"),
        pytest.param("https://shop.example@evil", "shop.example", True, id="a user"),
        pytest.param("https://shop.example", "", True, id="no host"),
        pytest.param("https://", "", True, id="nothing"),
        pytest.param("chrome-extension://shop.example", "shop.example", True, id="ext"),
    ],
)
def test_nobody_else_may(origin, host, is_secure):
    assert not is_own_origin(origin, host=host, is_secure=is_secure)


@pytest.mark.parametrize(
    "settings_of_the_shop",
    [
        {"CHATDESK": {"ALLOWED_ORIGINS": (SHOP,)}},
        {"CHATDESK": {"SITE_URL": f"{SHOP}/en/?a=b"}},
        {"CSRF_TRUSTED_ORIGINS": [SHOP]},
    ],
    ids=["allowed", "site", "trusted"],
)
def test_what_the_shop_lists_may_speak_whatever_the_proxy_calls_us(
    settings, settings_of_the_shop
):
    for name, value in settings_of_the_shop.items():
        setattr(settings, name, value)

    assert is_own_origin(SHOP, host="backend:8000", is_secure=False)
    assert is_own_origin("https://Shop.Example", host="backend", is_secure=False)
    assert not is_own_origin(f"{SHOP}:8443", host="backend", is_secure=False)
    assert not is_own_origin("http://shop.example", host="backend", is_secure=False)


def test_a_wildcard_of_the_host_lists_nobody(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.example"]

    for origin in ("https://shop.example", "https://*.example", "https://evil.example"):
        assert not is_own_origin(origin, host="backend", is_secure=True)


def test_without_allowed_hosts_only_this_machine_may_and_only_while_debugging(settings):
    settings.ALLOWED_HOSTS = []
    at_home = {"host": "localhost:8000", "is_secure": False}

    settings.DEBUG = True
    assert is_own_origin("http://localhost:8000", **at_home)
    assert not is_own_origin(
        "http://shop.example", host="shop.example", is_secure=False
    )
    settings.DEBUG = False
    assert not is_own_origin("http://localhost:8000", **at_home)


# As a socket's handshake says it


def handshake(*, scheme="ws", **headers):
    raw = [
        (name.replace("_", "-").encode(), value.encode())
        for name, value in headers.items()
    ]
    return {"type": "websocket", "scheme": scheme, "headers": raw}


def test_a_secure_socket_wants_a_secure_page():
    assert has_own_origin(handshake(scheme="wss", host="shop.example", origin=SHOP))
    assert not has_own_origin(handshake(host="shop.example", origin=SHOP))


def test_a_proxy_is_believed_only_where_the_host_says_so(settings):
    behind_proxy = handshake(
        host="shop.example", origin=SHOP, x_forwarded_proto="https, http"
    )

    assert not has_own_origin(behind_proxy)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert has_own_origin(behind_proxy)


def test_the_host_a_proxy_was_asked_for_counts_only_where_the_host_says_so(settings):
    behind_proxy = handshake(
        scheme="wss", host="backend:8000", x_forwarded_host="shop.example", origin=SHOP
    )

    assert not has_own_origin(behind_proxy)
    settings.USE_X_FORWARDED_HOST = True
    assert has_own_origin(behind_proxy)


def test_a_handshake_without_headers_is_nobodys():
    assert not has_own_origin({"type": "websocket"})
    assert not has_own_origin(handshake(host="shop.example"))
