"""Hands a signed note to another system of the shop; no database, no decisions.

The address is the shop's own, from its settings, so it may lie in its own network.
Nobody is followed elsewhere, and anything but a 2xx is a failure.
"""

import hashlib
import hmac
import http.client
from urllib.parse import urlsplit

from chatdesk import clock

HEADER = "X-Chatdesk-Signature"
TIMEOUT_S = 10
MOST_OF_ANSWER = 200
TAKEN = range(200, 300)
CONNECTIONS = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


def is_hook_address(address: str) -> bool:
    """Return whether notes can be posted to an address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in CONNECTIONS and bool(parts.hostname) and port != 0


def sign(body: bytes, *, secret: str, moment: int) -> str:
    """Return the header for a body: ``t=<seconds>,v1=<HMAC-SHA256 in hex>``.

    What is signed is ``<seconds>.<body>``, as for mail that is handed in.
    """
    signed = f"{moment}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def post_note(address: str, body: bytes, *, secret: str, key: str) -> None:
    """Post JSON; ``key`` is the same at every try, so that it can be taken once.

    Raises ``OSError`` or ``http.client.HTTPException`` when it was not taken.
    """
    parts = urlsplit(address)
    connect = CONNECTIONS[parts.scheme]
    connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        HEADER: sign(body, secret=secret, moment=int(clock.now().timestamp())),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        said = answer.read(MOST_OF_ANSWER).decode(errors="replace")
    finally:
        connection.close()
    if answer.status not in TAKEN:
        raise http.client.HTTPException(f"{answer.status} {said}")
