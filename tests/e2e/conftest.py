"""One shop a run, one browser a run, new people in every test."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.desk import Desk
from tests.e2e.filled import copy_filled_shop
from tests.e2e.log import Log
from tests.e2e.manager import Manager
from tests.e2e.operator import CONSOLE, Operator
from tests.e2e.shop import Shop
from tests.e2e.visitor import Visitor
from tests.e2e.watch import Watch
from tests.services.files import run_folder
from tests.services.process import wait_until

HERE = Path(__file__).parent
PATIENCE_MS = 30_000
PASSWORD = "demo"
STAFF = ("operator", "operator2", "manager")

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}

Storage = dict[str, Any]


class OpenPage(Protocol):
    """Opens a page of a new browser profile."""

    def __call__(self, **options: Any) -> Page: ...


class MakeVisitor(Protocol):
    """Brings in somebody new."""

    def __call__(self, *, language: str = "en", **options: Any) -> Visitor: ...


class MakeOperator(Protocol):
    """Lets one of the staff sign in and open the workspace."""

    def __call__(
        self, name: str = "operator", *, language: str = "en", **options: Any
    ) -> Operator: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("e2e")


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Wait for a condition as long as a busy machine may need."""
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def shop(worker_id: str) -> Iterator[Shop]:
    """Return the running demo; whoever comes first fills it for all."""
    folder = run_folder() / f"e2e-{worker_id}"
    copy_filled_shop(folder)
    shop = Shop(folder)
    shop.start()
    yield shop
    shop.stop()


@pytest.fixture(scope="session")
def base_url(shop: Shop) -> str:
    return shop.url


@pytest.fixture(scope="session")
def badges(browser: Browser, shop: Shop) -> dict[str, Storage]:
    """Sign everybody in once, through the form; return what their browsers keep."""
    return {name: sign_in(browser, shop, name) for name in STAFF}


def sign_in(browser: Browser, shop: Shop, name: str) -> Storage:
    with browser.new_context(base_url=shop.url) as context:
        page = context.new_page()
        page.goto(CONSOLE)
        page.locator("#id_username").fill(name)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_url("**" + CONSOLE)
        return dict(context.storage_state())


@pytest.fixture
def log(shop: Shop) -> Log:
    return Log(shop.database)


@pytest.fixture
def database(shop: Shop) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(shop.database, timeout=20)) as database:
        yield database


@pytest.fixture
def watch(shop: Shop) -> Iterator[Watch]:
    """Fail the test when a page complains, or asks somebody else for anything."""
    watch = Watch(shop.url)
    yield watch
    assert watch.verdict() == []


@pytest.fixture(autouse=True)
def tidy(shop: Shop, badges: dict[str, Storage]) -> Iterator[None]:
    """Leave a running shop without open dialogs; nobody complained on its side."""
    shop.new_errors()
    yield
    if not shop.is_running:
        shop.start()
    desk = Desk(shop.url, badges["manager"])
    desk.clear()
    # The browsers of the test are gone; the next one must find nobody there.
    assert wait_until(desk.is_empty, lambda: shop.is_running)
    assert shop.new_errors() == []


@pytest.fixture
def open_page(
    watch: Watch, new_context: Callable[..., BrowserContext], shop: Shop
) -> OpenPage:
    def open_page(**options: Any) -> Page:
        context = new_context(**{**WIDE, **options})
        context.set_default_timeout(PATIENCE_MS)
        watch.over(context)
        return context.new_page()

    return open_page


@pytest.fixture
def make_visitor(open_page: OpenPage) -> MakeVisitor:
    def make_visitor(*, language: str = "en", **options: Any) -> Visitor:
        return Visitor(open_page(locale=language, **options), language=language)

    return make_visitor


@pytest.fixture
def make_operator(open_page: OpenPage, badges: dict[str, Storage]) -> MakeOperator:
    def make_operator(
        name: str = "operator", *, language: str = "en", **options: Any
    ) -> Operator:
        page = open_page(locale=language, storage_state=badges[name], **options)
        return Operator(page, language=language).comes()

    return make_operator


@pytest.fixture
def visitor(make_visitor: MakeVisitor) -> Visitor:
    """Somebody new in the shop; the chat is closed."""
    return make_visitor().comes()


@pytest.fixture
def operator(make_operator: MakeOperator) -> Operator:
    """Anna at her desk; nobody has written yet."""
    return make_operator()


@pytest.fixture
def manager(open_page: OpenPage, badges: dict[str, Storage]) -> Manager:
    return Manager(open_page(storage_state=badges["manager"]))
