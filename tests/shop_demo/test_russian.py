"""The shop in Russian."""

import re
from pathlib import Path

import polib
import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.shop_demo.conftest import COFFEE, GUEST, KETTLE, put_into_cart

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "shop_demo/locale/ru/LC_MESSAGES/django.po"
PRODUCT_CATALOGUE = ROOT / "chatdesk/locale/ru/LC_MESSAGES/django.po"

PAGES = [
    "/",
    "/shop/grinders/",
    f"/product/{KETTLE}/",
    "/search/?q=чайник",
    "/search/?q=qqq",
    "/cart/",
    "/checkout/",
    "/delivery/",
    "/privacy/",
    "/account/login/",
    "/account/register/",
]

# Names that stay as they are, and words inside tags.
NAMES = r"northbrew|NB-\w+|EN|RU|USB|RSS|cookie|customer|operator2?|manager|demo"


@pytest.fixture
def russian() -> Client:
    client = Client(headers={"accept-language": "ru"})
    put_into_cart(client, COFFEE)
    return client


def visible_text(html: str) -> str:
    """Return the words that a reader sees."""
    html = re.sub(r"<(script|style|head|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", html)


@pytest.mark.parametrize("path", PAGES)
def test_russian_pages_have_no_english_words(russian: Client, path: str) -> None:
    text = visible_text(russian.get(path).content.decode())
    text = re.sub(NAMES, "", text, flags=re.IGNORECASE)
    words = [word for word in re.findall(r"[A-Za-z]{3,}", text) if word != "qqq"]
    assert words == []


def test_prices_are_written_as_russians_write_them(russian: Client) -> None:
    page = russian.get(f"/product/{KETTLE}/").content.decode()
    assert "64,00\N{NO-BREAK SPACE}€" in page


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 товар"), (3, "3 товара"), (5, "5 товаров")]
)
def test_numbers_follow_russian_grammar(count: int, text: str) -> None:
    client = Client(headers={"accept-language": "ru"})
    put_into_cart(client, COFFEE, quantity=count)
    assert f'aria-label="Корзина, {text}"' in client.get("/").content.decode()


def test_language_is_switched_and_kept(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    response = client.post("/language/setlang/", {"language": "ru", "next": "/cart/"})
    assert response.headers["Location"] == "/cart/"
    assert '<html lang="ru">' in client.get("/").content.decode()


def test_order_is_confirmed_in_the_language_of_the_buyer(
    russian: Client,
    mailoutbox: list[EmailMultiAlternatives],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        russian.post("/checkout/", GUEST)
    assert mailoutbox[0].subject.startswith("Ваш заказ NB-")
    assert "Итого: 18,80\N{NO-BREAK SPACE}€" in mailoutbox[0].body


def test_russian_catalogue_is_complete_and_compiled() -> None:
    entries = polib.pofile(str(CATALOGUE))
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert entries.percent_translated() == 100
    assert entries.fuzzy_entries() == []
    assert texts_of(compiled) == texts_of(entries)


def test_shop_does_not_change_the_words_of_the_chat() -> None:
    """The host's catalogue wins over an app's, so shared words must agree."""
    shop = texts_of(polib.pofile(str(CATALOGUE)))
    chat = texts_of(polib.pofile(str(PRODUCT_CATALOGUE)))
    assert {
        key: (shop[key], chat[key])
        for key in shop.keys() & chat.keys()
        if chat[key][0] and shop[key] != chat[key]
    } == {}


def texts_of(
    catalogue: polib.POFile | polib.MOFile,
) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Return the translations by context and English text."""
    return {
        (entry.msgctxt, entry.msgid): tuple(entry.msgstr_plural.values())
        or (entry.msgstr,)
        for entry in catalogue
    }
