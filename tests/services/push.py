"""A push service on this machine, and a browser that can read what it is sent."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ENDPOINT = "https://fcm.googleapis.com/fcm/send/one"


def text_of(data: bytes) -> str:
    """Return bytes as the wire of pushes writes them."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def point_of(key: ec.EllipticCurvePrivateKey) -> str:
    """Return the public half of a key."""
    public = key.public_key()
    return text_of(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@dataclass
class Browser:
    """The receiving end: keys of its own that nobody else has."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = b"sixteen bytes ok"

    @property
    def keys(self) -> dict[str, str]:
        """Return what it tells the shop of its keys."""
        return {"p256dh": point_of(self.key), "auth": text_of(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        """Open a sealed note."""
        plain = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        told: dict[str, Any] = json.loads(plain)
        return told


@dataclass
class PushService:
    """What was handed in, and how it answers."""

    port: int
    status: int = 201
    location: str = ""
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def connect(self, _host: str) -> HTTPConnection:
        """Stand in for the connection to the real service."""
        return HTTPConnection("127.0.0.1", self.port, timeout=5)


@contextmanager
def run_push_service() -> Iterator[PushService]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.taken.append((self.path, headers, body))
            self.send_response(service.status)
            if service.location:
                self.send_header("Location", service.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
