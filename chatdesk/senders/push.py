"""Hands a sealed note to a browser's push service; no database, no decisions.

The browser chose the address, so it is a stranger's: only the known services are
called, only by https, never at an address inside our own network, without following
where they send us, and no more of their answer is read than a sentence.
"""

import binascii
import http.client
import socket
import ssl
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from chatdesk.conf import get_settings

TIMEOUT_S = 10
MOST_OF_ANSWER = 300
HTTPS = 443
POINT_BYTES = 65
SECRET_BYTES = 16
GONE = frozenset({404, 410})
AGAIN = frozenset({408, 429})


class PushGone(Exception):
    """The browser gave its subscription up."""


class PushRefused(Exception):
    """The service says that this push can never be taken."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where a browser listens, and its keys."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is sealed for the device; a newer note of a topic replaces an older one."""

    text: bytes
    topic: str
    ttl_s: int


def is_push_possible() -> bool:
    """Return whether keys are set and the libraries of the extra are here."""
    conf = get_settings()
    return bool(conf.vapid_public_key and conf.vapid_private_key) and is_installed()


def is_installed() -> bool:
    """Return whether the extra ``push`` is installed."""
    return bool(find_spec("pywebpush") and find_spec("py_vapid"))


def is_push_address(endpoint: str) -> bool:
    """Return whether an address is one of the push services that may be called."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme != "https" or port not in {None, HTTPS}:
        return False
    return _is_plain(endpoint) and any(
        host == each or host.endswith(f".{each}")
        for each in get_settings().push_services
    )


def are_push_keys(p256dh: str, auth: str) -> bool:
    """Return whether these can be a browser's keys: a point and a secret."""
    try:
        point, secret = _bytes_of(p256dh), _bytes_of(auth)
    except (ValueError, binascii.Error):
        return False
    return len(point) == POINT_BYTES and point[0] == 4 and len(secret) == SECRET_BYTES


def send_push(device: Device, note: Note) -> None:
    """Seal the note and hand it to the device's service.

    Raises ``PushGone`` when the subscription is no more, ``PushRefused`` when trying
    again cannot help, and ``OSError`` or ``http.client.HTTPException`` for the rest.
    """
    if not is_push_address(device.endpoint):
        raise PushRefused("The address is not that of a push service.")
    parts = urlsplit(device.endpoint)
    host = parts.hostname or ""
    headers, body = _seal(device, note, audience=f"https://{parts.netloc}")
    connection = open_connection(host)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        said = answer.read(MOST_OF_ANSWER).decode(errors="replace")
    finally:
        connection.close()
    _judge(answer.status, said)


def open_connection(host: str) -> http.client.HTTPConnection:
    """Connect to a public address of the host, and to no other, by TLS."""
    return _Pinned(host, _public_address_of(host))


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address, looked up and judged before, of a named host."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, HTTPS, timeout=TIMEOUT_S)
        self._address = address
        self._seal = ssl.create_default_context()

    def connect(self) -> None:
        plain = socket.create_connection((self._address, HTTPS), TIMEOUT_S)
        self.sock = self._seal.wrap_socket(plain, server_hostname=self.host)


def _public_address_of(host: str) -> str:
    found = socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        if not ip_address(address.partition("%")[0]).is_global:
            raise PushRefused("The address leads inside a private network.")
    return addresses[0]


def _seal(device: Device, note: Note, *, audience: str) -> tuple[dict[str, str], bytes]:
    conf = get_settings()
    library: Any = import_module("pywebpush")
    vapid: Any = import_module("py_vapid")
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    info = {"endpoint": device.endpoint, "keys": keys}
    try:
        body = library.WebPusher(info).encode(note.text)["body"]
    except ValueError as error:
        raise PushRefused("The browser's keys are none.") from error
    signer = vapid.Vapid02.from_string(private_key=conf.vapid_private_key)
    claims = {"aud": audience, "sub": conf.vapid_contact or conf.site_url}
    return {
        **signer.sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(note.ttl_s),
        "Urgency": "high",
        "Topic": note.topic,
    }, body


def _judge(status: int, said: str) -> None:
    if status in GONE:
        raise PushGone(f"{status} {said}")
    if status in AGAIN or status >= http.client.INTERNAL_SERVER_ERROR:
        raise http.client.HTTPException(f"{status} {said}")
    if status >= http.client.MULTIPLE_CHOICES:
        raise PushRefused(f"{status} {said}")


def _is_plain(endpoint: str) -> bool:
    # Nothing that two readers of an address could take for different things.
    is_text = endpoint.isascii() and endpoint.isprintable()
    return is_text and not set(endpoint) & set("@# \\")


def _bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
