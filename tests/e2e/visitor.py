"""Somebody in the shop: what he does in the widget and what it shows him."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import expect

from tests.e2e.words import widget_words

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, WebSocket


class Visitor:
    """One tab of a visitor; found by the names that a screen reader hears."""

    def __init__(self, page: Page, *, language: str = "en") -> None:
        self.page = page
        self.says = widget_words(language)
        self.host = page.locator("#chatdesk-widget")
        self.launcher = self.host.locator("button[aria-controls=panel]")
        # Until it is there, a sketch of it has its place and its id.
        self.panel = self.host.locator("#panel.cw")
        # Where nobody is there, the same field is that of a letter.
        self.field = self._named("textbox", "message_label", "letter_question")
        self.send = self._named("button", "send", "letter_send")
        self.close = self.panel.locator("button.close")
        self.heard: list[str] = []
        """What came to the page over its sockets, whether it shows or not."""
        page.on("websocket", self._listen)
        self.log = self.panel.get_by_role("log")

    def _named(self, role: Literal["textbox", "button"], *keys: str) -> Locator:
        names = "|".join(re.escape(self.says(key)) for key in keys)
        return self.panel.get_by_role(role, name=re.compile(f"^({names})$"))

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.heard.append(str(frame)))

    def comes(self, path: str = "/") -> Visitor:
        """Open a page of the shop; the closed widget is there."""
        self.page.goto(path)
        expect(self.launcher).to_be_visible()
        return self

    def opens_chat(self) -> Visitor:
        self.launcher.click()
        self.is_ready()
        return self

    def is_ready(self) -> None:
        """See the panel after it has learned how things stand."""
        expect(self.panel).to_be_visible()
        expect(self.panel.locator(".skel")).to_have_count(0)

    def writes(self, text: str) -> None:
        """Type key by key, without sending."""
        self.field.press_sequentially(text)

    def asks(self, text: str) -> None:
        """Send a message; it is on the screen at once."""
        self.field.fill(text)
        self.send.click()
        expect(self.bubble(text)).to_be_visible()

    def asks_and_it_arrives(self, text: str) -> None:
        self.asks(text)
        self.sees_state("sent", "delivered", "read")

    def ends_chat(self) -> None:
        self.opens_menu()
        self.item("menu_end").click()
        expect(self.button("start_new")).to_be_visible()

    def opens_menu(self) -> None:
        self.button("more").click()
        expect(self.panel.get_by_role("menu")).to_be_visible()

    def item(self, key: str) -> Locator:
        return self.panel.get_by_role("menuitem", name=self.says(key))

    def button(self, key: str, **values: object) -> Locator:
        name = self.says(key, **values)
        return self.panel.get_by_role("button", name=name, exact=True)

    def bubble(self, text: str) -> Locator:
        return self.log.locator(".m .bx").filter(has_text=text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.log.get_by_text(text).first).to_be_visible()

    def sees_state(self, *keys: str) -> None:
        """See one of these states under the last own message."""
        name = "|".join(self.says.pattern(key).pattern for key in keys)
        last = self.log.locator(".m.me .meta").last
        expect(last).to_have_text(re.compile(f"^({name})$"))

    def sees_availability(self, state: str) -> None:
        """See the button's face: ``online`` with a dot, else an envelope."""
        face = "la off" if state in {"away", "offline", "unknown"} else "la"
        expect(self.launcher).to_have_class(face)

    def lines(self) -> list[str]:
        """Return the messages on the screen, in the order of the screen."""
        return self.log.locator(".m .bx").all_inner_texts()
