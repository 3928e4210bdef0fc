"""A browser without a screen: pages, forms and JSON, with its own cookies."""

import http.client
import http.cookiejar
import json
import re
import urllib.parse
import urllib.request
from functools import partial
from uuid import uuid4


class _From(urllib.request.HTTPHandler):
    """Connects from an address of this machine."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._connection = partial(
            http.client.HTTPConnection, source_address=(address, 0)
        )

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class Browser:
    """One person's cookies at one site, at an address that may change."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        self.move_to("")

    def move_to(self, address: str) -> None:
        """Come from another address of this machine from now on."""
        self.address = address
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), _From(address)
        )

    def get(self, path: str) -> str:
        with self._opener.open(self.site + path, timeout=20) as answer:
            return answer.read().decode()

    def submit(self, path: str, **fields: str) -> str:
        """Fill in the form of a page and send it; return the page that follows."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        fields["csrfmiddlewaretoken"] = token[1]
        return self._send(path, urllib.parse.urlencode(fields).encode(), {})

    def press(self, path: str) -> str:
        """Press a button that posts nothing but the site's token."""
        token = self.cookie("csrftoken")
        return self._send(path, b"", {"X-CSRFToken": token})

    def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Post JSON as the front ends do."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
            "X-CSRFToken": self.cookie("csrftoken"),
        }
        path = f"/chatdesk/api/v1/{path}"
        return json.loads(self._send(path, json.dumps(body).encode(), headers))

    def cookie(self, name: str) -> str:
        return next((each.value for each in self.cookies if each.name == name), "")

    def cookie_header(self) -> str:
        return "; ".join(f"{each.name}={each.value}" for each in self.cookies)

    def _send(self, path: str, data: bytes, headers: dict[str, str]) -> str:
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.site + path,
            data=data,
            headers={"Origin": self.site, "Referer": self.site + path, **headers},
        )
        with self._opener.open(request, timeout=20) as answer:
            return answer.read().decode()
