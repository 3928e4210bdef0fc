"""Somebody who reads dialogs and figures in the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DIALOGS = "/admin/chatdesk/conversation/"
OUTBOX = "/outbox/"


class Manager:
    """The administration and the mail folder, as the manager sees them."""

    SCREENS = {
        "dialogs": DIALOGS,
        "performance": "/admin/chatdesk/operator/performance/",
        "operators": "/admin/chatdesk/operator/",
        "report for the shop": "/admin/chatdesk/operator/shop-report/?period=30",
        "sale credits": "/admin/chatdesk/salecredit/",
        "ledger": "/admin/chatdesk/ledgerline/",
        "months": "/admin/chatdesk/ledgermonth/",
        "commission plans": "/admin/chatdesk/commissionplan/",
    }

    def __init__(self, page: Page) -> None:
        self.page = page
        table = page.get_by_role("main").get_by_role("table")
        self.search = page.locator("input[name=q]")
        self.transcript = page.locator("section.cd-transcript")
        self.newest = table.get_by_role("link").first

    def opens(self, screen: str) -> None:
        """Open one of the screens by its name."""
        self.page.goto(self.SCREENS[screen])
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def opens_a_dialog(self) -> None:
        """Read the newest dialog of the list."""
        self.opens("dialogs")
        self.newest.click()
        expect(self.transcript).to_be_visible()

    def finds_dialog(self, words: str) -> None:
        """Search the dialogs for these words and read the newest that has them."""
        self.page.goto(DIALOGS)
        self.search.fill(words)
        self.search.press("Enter")
        self.page.wait_for_url("**q=*")
        self.newest.click()
        expect(self.transcript).to_be_visible()

    def opens_mail(self, recipient: str, *, mails: int = 1) -> Locator:
        """Wait for so many mails to this address; return the newest's plain text."""
        page = self.page
        mail = page.locator(".mails li").filter(has_text=recipient)

        def are_there() -> bool:
            page.goto(OUTBOX)
            return mail.count() >= mails

        until(page, are_there)
        mail.first.get_by_role("link").click()
        return page.locator("pre.plain")
