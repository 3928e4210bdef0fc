"""Ends what a test left open, as a manager may."""

import json
from typing import Any
from urllib.request import Request, urlopen

from tests.e2e.shop import STATUS

OPERATOR = "/chatdesk/api/v1/operator"


class Desk:
    """The operators' interface without a browser, for tidying up."""

    def __init__(self, url: str, badge: dict[str, Any]) -> None:
        self._url = url
        cookies = {each["name"]: each["value"] for each in badge["cookies"]}
        self._headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/json",
            "X-CSRFToken": cookies["csrftoken"],
            "Origin": url,
        }

    def clear(self) -> None:
        """Close every dialog that waits or is led by somebody."""
        for row in self._ask("/inbox/")["rows"]:
            self._ask(f"/conversations/{row['conv']}/close/", outcome="answered")

    def is_empty(self) -> bool:
        """Tell whether visitors are told that nobody is there."""
        with urlopen(self._url + STATUS, timeout=15) as response:  # noqa: S310 - ours
            return bool(json.load(response)["state"] == "away")

    def _ask(self, path: str, **body: str) -> dict[str, Any]:
        request = Request(  # noqa: S310 - the shop under test
            self._url + OPERATOR + path,
            data=json.dumps(body).encode() if body else None,
            headers=self._headers,
        )
        with urlopen(request, timeout=15) as response:  # noqa: S310 - as above
            answer: dict[str, Any] = json.load(response)
            return answer
