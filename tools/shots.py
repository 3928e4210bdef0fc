"""Take pictures of every screen of the demo, as people of every kind see it.

    python -m tools.shots               everything, into shots/<kind>/<screen>.png
    python -m tools.shots wide phone    some kinds
    python -m tools.shots readme        the pictures of README, into docs/pictures/

The same story is played for each kind, with the people of tests/e2e.
"""

import sys
from contextlib import ExitStack
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.manager import Manager
from tools.node import ROOT
from tools.readme import take_readme_pictures
from tools.story import Shoot, Story
from tools.studio import Studio, open_studio

SHOTS = ROOT / "shots"

KINDS: dict[str, dict[str, Any]] = {
    "wide": WIDE,
    "dark": {**WIDE, "color_scheme": "dark"},
    "russian": {**WIDE, "locale": "ru"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "phone-russian": {**PHONE, "locale": "ru"},
}

SHOP = {
    "shop-home": "/",
    "shop-category": "/shop/kettles/",
    "shop-product": "/product/heron-gooseneck-kettle/",
    "shop-search": "/search/?q=coffee",
    "shop-cart": "/cart/",
    "shop-checkout": "/checkout/",
    "shop-delivery": "/delivery/",
    "shop-login": "/account/login/",
}
ADMIN = {
    "admin-home": "/admin/",
    "admin-operators": "/admin/chatdesk/operator/",
    "admin-operator": "/admin/chatdesk/operator/1/change/",
    "admin-performance": "/admin/chatdesk/operator/performance/",
    "admin-dialogs": "/admin/chatdesk/conversation/",
    "admin-canned": "/admin/chatdesk/cannedreply/",
    "admin-storefront": "/admin/chatdesk/storefront/1/change/",
    "admin-effects": "/admin/chatdesk/effect/",
}


def take_kind(studio: Studio, kind: str) -> None:
    """Take every picture of one kind."""
    options = KINDS[kind]
    folder = SHOTS / kind
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str) -> None:
        page.wait_for_load_state()
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    def shoot_whole(page: Page, name: str) -> None:
        page.wait_for_load_state()
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    email = f"{kind}@example.com"
    with studio.page(**options) as page:
        fill_cart(page)
        show_pages(page, SHOP, shoot_whole)
    with ExitStack() as stack:
        guest, desk, other, page = (
            stack.enter_context(studio.page(badge, **options))
            for badge in ("", "operator", "", "manager")
        )
        story = Story((guest, desk, other), shoot)
        story.tell(email, Manager(page))
        # While somebody is online still.
        show_pages(page, ADMIN, shoot_whole)
        show_copies(page, story.script.question, email, shoot_whole)
    studio.tidy()
    print(f"{kind}: {len(list(folder.iterdir()))} pictures", flush=True)


def show_pages(page: Page, places: dict[str, str], shoot: Shoot) -> None:
    for name, path in places.items():
        page.goto(path)
        shoot(page, name)


def show_copies(page: Page, question: str, email: str, shoot: Shoot) -> None:
    """Show the dialog as a manager reads it, and as its visitor does in a mail."""
    manager = Manager(page)
    manager.finds_dialog(question)
    shoot(page, "admin-transcript")
    manager.opens_mail(email, mails=2)
    shoot(page, "outbox-mail")
    page.goto("/outbox/")
    shoot(page, "outbox")


def fill_cart(page: Page) -> None:
    """Put the first product of the shop into the cart."""
    page.goto(SHOP["shop-product"])
    page.locator("form[action*='/cart/add/'] button").first.click()
    page.wait_for_load_state()


def main() -> int:
    with open_studio() as studio:
        for kind in sys.argv[1:] or list(KINDS):
            if kind == "readme":
                take_readme_pictures(studio)
            else:
                take_kind(studio, kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
