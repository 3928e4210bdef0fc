"""What networks do to sockets: refuse them, swallow them, lose the answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

Message = str | bytes
REFUSAL = {"type": "nack", "code": "blocked", "final": True}
SOCKETS = re.compile(r"/ws/(visitor|operator)/$")


class Sockets:
    """The sockets of one page, under the test's thumb; to be set up before it opens.

    ``open`` carries everything, ``refused`` closes each socket at once, ``silent``
    opens it and answers nothing, ``deaf`` carries what the page says and loses what
    the server answers, ``frozen`` loses what the page says, its good-bye included,
    ``unwilling`` carries all but messages, which it refuses for good.
    """

    def __init__(self, page: Page, mode: str = "open") -> None:
        self.mode = mode
        self.received: list[str] = []
        self._routes: list[WebSocketRoute] = []
        page.route_web_socket(SOCKETS, self._on_socket)

    def turn(self, mode: str) -> None:
        """Treat what comes in this way, on sockets that are open too."""
        self.mode = mode

    def cut(self, mode: str) -> None:
        """Treat new sockets in this way and end those that are open."""
        self.mode = mode
        for route in self._routes:
            route.close()
        self._routes.clear()

    def _on_socket(self, route: WebSocketRoute) -> None:
        if self.mode == "refused":
            route.close()
            return
        self._routes.append(route)
        if self.mode in {"silent", "frozen"}:
            return
        server = route.connect_to_server()

        def up(message: Message) -> None:
            frame = json.loads(message)
            if self.mode == "unwilling" and frame["type"] == "send":
                route.send(json.dumps({**REFUSAL, "cmid": frame["cmid"]}))
            elif self.mode != "frozen":
                server.send(message)

        def down(message: Message) -> None:
            if self.mode in {"open", "unwilling"}:
                self.received.append(str(message))
                route.send(message)

        def leave(code: int | None, reason: str | None) -> None:
            if self.mode != "frozen":
                server.close(code=code, reason=reason)

        route.on_message(up)
        server.on_message(down)
        route.on_close(leave)
