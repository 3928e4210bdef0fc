"""A running demo and a browser, to take pictures of."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import STAFF, sign_in
from tests.e2e.desk import Desk
from tests.e2e.shop import Shop
from tests.services.chromium import find_chromium, launch_arguments

PATIENCE_MS = 20_000


class Studio:
    """The shop, a browser, and what the staff's browsers keep."""

    def __init__(self, shop: Shop, browser: Browser) -> None:
        self._shop = shop
        self._browser = browser
        self._badges = {name: sign_in(browser, shop, name) for name in STAFF}

    @contextmanager
    def page(self, badge: str = "", **options: Any) -> Iterator[Page]:
        """Open a page of a new profile, signed in when there is a badge."""
        options["base_url"] = self._shop.url
        options["storage_state"] = self._badges.get(badge)
        with self._browser.new_context(**options) as context:
            context.set_default_timeout(PATIENCE_MS)
            yield context.new_page()

    def tidy(self) -> None:
        """Close the dialogs that a story left open."""
        Desk(self._shop.url, self._badges["manager"]).clear()


@contextmanager
def open_studio() -> Iterator[Studio]:
    """Start a demo with data of its own, and a browser; both end with the block."""
    expect.set_options(timeout=PATIENCE_MS)
    with (
        tempfile.TemporaryDirectory(prefix="chatdesk-shots-") as folder,
        sync_playwright() as playwright,
    ):
        shop = Shop(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=launch_arguments()
        )
        try:
            shop.start()
            yield Studio(shop, browser)
        finally:
            browser.close()
            shop.stop()
