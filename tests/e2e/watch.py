"""What must not happen in any page of any test, seen by listening."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

CANARY = "canaryFired"
"""A function in every page; nothing that a visitor writes may ever call it."""

INLINE = ("data:", "blob:", "about:")

# The administration is the host's; browsers look for an icon that it does not have.
HARMLESS = ("/favicon.ico",)


class Watch:
    """Listens to the pages of one test and keeps what is wrong with them."""

    def __init__(self, origin: str) -> None:
        self.requests: list[str] = []
        self.wrong: list[str] = []
        self._origin = origin
        self._allowed = list(HARMLESS)

    def allow(self, *texts: str) -> None:
        """Expect complaints with these words, because the test causes them."""
        self._allowed += texts

    def over(self, context: BrowserContext) -> None:
        context.expose_function(CANARY, self._on_canary)
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def verdict(self) -> list[str]:
        return [
            text
            for text in self.wrong
            if not any(allowed in text for allowed in self._allowed)
        ]

    def _on_canary(self, *_args: object) -> None:
        self.wrong.append("a stranger's words ran as a script")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self._origin + "/", *INLINE)):
            self.wrong.append(f"a request to a third party: {request.url}")
        if CANARY in request.url:
            self.wrong.append(f"a stranger's words made a request: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "")
            self.wrong.append(f"console: {message.text} {place}")

    def _on_error(self, error: WebError) -> None:
        self.wrong.append(f"error in a page: {error.error}")
