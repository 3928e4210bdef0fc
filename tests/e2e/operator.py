"""Somebody at the desk: what he does in the workspace and what it shows him."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.words import console_words

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CONSOLE = "/chatdesk/console/"
NARROW_PX = 720
"""Up to this width the workspace shows one pane at a time."""


class Operator:
    """One workspace of an operator who is signed in."""

    def __init__(self, page: Page, *, language: str = "en") -> None:
        self.page = page
        self.says = console_words(language)
        size = page.viewport_size
        self.is_narrow = size is not None and size["width"] <= NARROW_PX
        self.list = page.locator(".p-list")
        self.thread = page.locator(".p-conv")
        self.visitor = page.locator(".p-vis")
        self.log = self.thread.get_by_role("log")
        self.reply = self.thread.get_by_role("textbox", name=self.says("reply"))
        self.note = self.thread.get_by_role("textbox", name=self.says("note"))
        self.peek = self.thread.locator(".peek")
        self.lost = page.locator(".lost")

    def comes(self) -> Operator:
        """Open the workspace; its list has come."""
        self.page.goto(CONSOLE)
        self.is_ready()
        return self

    def is_ready(self) -> None:
        shown = self.list.locator(".d, .empty").first
        expect(shown).to_be_visible()
        expect(self.lost).to_have_count(0)

    def row(self, text: str) -> Locator:
        """Return the line of the list with these latest words."""
        return self.list.locator(".d").filter(has_text=text)

    def ring(self, text: str) -> Locator:
        return self.row(text).locator(".ring")

    def takes(self, text: str) -> None:
        """Take the dialog with these latest words; it opens."""
        row = self.row(text)
        row.get_by_role("button", name=self.says.pattern("take_name")).click()
        expect(self.bubble(text)).to_be_visible()
        expect(self.reply).to_be_visible()

    def goes_to(self, place: str) -> None:
        """Press one of the places of the rail: ``inbox``, ``visitors``."""
        rail = self.page.get_by_role("navigation")
        rail.get_by_role("button", name=self.says(place), exact=True).first.click()

    def opens_settings(self) -> None:
        bell = self.page.get_by_role("banner")
        bell.get_by_role("button", name=self.says("settings"), exact=True).click()

    def answers(self, text: str) -> None:
        self.reply.fill(text)
        self.button("send").click()
        expect(self.bubble(text)).to_be_visible()

    def notes(self, text: str) -> None:
        """Write what only staff may see, and go back to replying."""
        self.turns_to("note")
        self.note.fill(text)
        self.button("save_note").click()
        expect(self.log.locator(".nt").filter(has_text=text)).to_be_visible()
        self.turns_to("reply")

    def turns_to(self, mode: str) -> None:
        tabs = self.thread.get_by_role("tablist", name=self.says("composer"))
        tabs.get_by_role("tab").nth(0 if mode == "reply" else 1).click()

    def closes(self, outcome: str = "answered") -> None:
        self.button("close").click()
        self.chooses(outcome)

    def chooses(self, outcome: str) -> None:
        """Say how the dialog ended in the box that asks for it."""
        box = self.page.get_by_role("dialog", name=self.says("how_ended"))
        box.get_by_label(self.says(f"outcome_{outcome}"), exact=True).check()
        box.get_by_role("button", name=self.says("close_ask")).click()
        expect(box).to_have_count(0)

    def button(self, key: str) -> Locator:
        return self.thread.get_by_role("button", name=self.says(key), exact=True)

    def bubble(self, text: str) -> Locator:
        return self.log.locator(".w .bx").filter(has_text=text)

    def sees(self, text: str) -> None:
        expect(self.log.get_by_text(text).first).to_be_visible()

    def sees_state(self, key: str) -> None:
        """See how far the last own message has come."""
        last = self.log.locator(".w.o").last
        expect(last.get_by_role("img", name=self.says(key), exact=True)).to_be_visible()

    def lines(self) -> list[str]:
        """Return the messages on the screen, in the order of the screen."""
        return self.log.locator(".w .bx").all_inner_texts()
