"""Take pictures of every screen of the demo, as people of every kind see it.

    python -m tools.shots

They go to shots/<kind>/<screen>.png. The same story is played for each kind, with the
shop, the widget and the workspace of tests/e2e.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import PHONE, STAFF, WIDE, sign_in
from tests.e2e.desk import Desk
from tests.e2e.manager import Manager
from tests.e2e.operator import Operator
from tests.e2e.shop import Shop
from tests.e2e.visitor import Visitor
from tests.services.chromium import find_chromium, launch_arguments
from tools.node import ROOT

SHOTS = ROOT / "shots"
PATIENCE_MS = 20_000

KINDS: dict[str, dict[str, Any]] = {
    "wide": WIDE,
    "dark": {**WIDE, "color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "russian": {**WIDE, "locale": "ru"},
}

SHOP = {
    "shop-home": "/",
    "shop-search": "/search/?q=coffee",
    "shop-cart": "/cart/",
    "shop-login": "/account/login/",
}
ADMIN = {
    "admin-home": "/admin/",
    "admin-operators": "/admin/chatdesk/operator/",
    "admin-performance": "/admin/chatdesk/operator/performance/",
    "admin-dialogs": "/admin/chatdesk/conversation/",
    "admin-canned": "/admin/chatdesk/cannedreply/",
    "admin-effects": "/admin/chatdesk/effect/",
}

QUESTION = "Is the hand grinder fine enough for espresso?"
ANSWER = "Yes, from the fifth click on. Shall I put one aside for you?"
DRAFT = "That would be kind, "
EMAIL = "ingrid@example.com"

Shoot = Callable[[Page, str], None]


class Studio:
    """The running shop, a browser, and what the staff's browsers keep."""

    def __init__(self, shop: Shop, browser: Browser) -> None:
        self.shop = shop
        self.browser = browser
        self.badges = {name: sign_in(browser, shop, name) for name in STAFF}

    @contextmanager
    def page(self, badge: str = "", **options: Any) -> Iterator[Page]:
        """Open a page of a new profile, signed in when there is a badge."""
        options["base_url"] = self.shop.url
        options["storage_state"] = self.badges.get(badge)
        with self.browser.new_context(**options) as context:
            context.set_default_timeout(PATIENCE_MS)
            yield context.new_page()

    def picture(self, kind: str) -> None:
        """Take every picture of one kind."""
        options = KINDS[kind]
        folder = SHOTS / kind
        folder.mkdir(parents=True, exist_ok=True)

        def shoot(page: Page, name: str) -> None:
            page.wait_for_load_state()
            page.screenshot(path=folder / f"{name}.png", animations="disabled")

        with self.page(**options) as guest, self.page("operator", **options) as desk:
            self.show_pages(guest, SHOP, shoot)
            self.tell_story(guest, desk, shoot)
        with self.page("manager", **options) as page:
            self.show_pages(page, ADMIN, shoot)
            self.show_copy(page, shoot)
        Desk(self.shop.url, self.badges["manager"]).clear()
        print(f"{kind}: {len(list(folder.iterdir()))} pictures", flush=True)

    def show_pages(self, page: Page, places: dict[str, str], shoot: Shoot) -> None:
        for name, path in places.items():
            page.goto(path)
            shoot(page, name)

    def tell_story(self, guest: Page, desk: Page, shoot: Shoot) -> None:
        """Play a dialog from the first look to the thumb."""
        language = guest.evaluate("navigator.language")[:2]
        visitor = Visitor(guest, language=language).comes()
        operator = Operator(desk, language=language).comes()
        shoot(desk, "console-empty")
        visitor.opens_chat()
        shoot(guest, "widget-open")
        visitor.asks_and_it_arrives(QUESTION)
        shoot(desk, "console-waiting")
        operator.takes(QUESTION)
        operator.reply.press_sequentially(ANSWER)
        expect(visitor.panel.locator(".typing")).to_be_visible()
        shoot(guest, "widget-typing")
        operator.button("send").click()
        visitor.sees(ANSWER)
        visitor.writes(DRAFT)
        expect(operator.peek).to_be_visible()
        shoot(guest, "widget-dialog")
        shoot(desk, "console-dialog")
        operator.button("close").click()
        shoot(desk, "console-close")
        operator.chooses("answered")
        expect(visitor.button("start_new")).to_be_visible()
        shoot(guest, "widget-ended")
        visitor.panel.get_by_label(visitor.says("copy_email")).fill(EMAIL)
        visitor.button("copy_send").click()
        visitor.sees(visitor.says("copy_done", email=EMAIL))
        shoot(guest, "widget-copy")
        guest.goto("/")
        shoot(guest, "widget-closed")

    def show_copy(self, page: Page, shoot: Shoot) -> None:
        """Show the dialog as a manager reads it."""
        page.goto(ADMIN["admin-dialogs"])
        page.locator("#content table a").first.click()
        shoot(page, "admin-transcript")
        Manager(page).opens_mail(EMAIL)
        shoot(page, "outbox-copy")


def main() -> int:
    kinds = sys.argv[1:] or list(KINDS)
    expect.set_options(timeout=PATIENCE_MS)
    with (
        tempfile.TemporaryDirectory(prefix="chatdesk-shots-") as folder,
        sync_playwright() as playwright,
    ):
        shop = Shop(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=launch_arguments()
        )
        shop.start()
        try:
            studio = Studio(shop, browser)
            for kind in kinds:
                studio.picture(kind)
        finally:
            shop.stop()
            browser.close()
    print(f"The pictures are in {SHOTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
