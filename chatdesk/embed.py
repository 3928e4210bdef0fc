"""What a page of the shop carries of the widget: the same for every visitor.

So a page may be kept in any cache. Nothing here knows who asks, and after the first
page a process remembers the storefront's texts for a while, so that a page costs no
query.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

T = TypeVar("T")

DEFAULT_LANGUAGE = "en"
# Scripts that the panel fetches when it needs them; frontend/build.mjs has the same.
CHUNKS = ("letter",)
STATUS_PATH = "api/v1/visitor/status/"


@dataclass(frozen=True, slots=True)
class Texts:
    """What the widget says of the shop."""

    shop: str
    topic: str = ""
    chips: tuple[str, ...] = ()
    sneak_peek: bool = True


class Remembered(Generic[T]):
    """A value that is asked for again when it is older than ``seconds``.

    Each process has its own; two threads that ask at once only do the work twice.
    """

    def __init__(self, load: Callable[[], T], *, seconds: float) -> None:
        self._load = load
        self._seconds = seconds
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        """Return the value, at most so many seconds old."""
        kept = self._kept
        if kept is None or time.monotonic() - kept[0] > self._seconds:
            kept = self._kept = (time.monotonic(), self._load())
        return kept[1]

    def forget(self) -> None:
        """Ask again next time."""
        self._kept = None


def widget_data(*, texts: Texts, language: str) -> dict[str, str]:
    """Return the attributes by which the script learns all it has to know."""
    return {
        "root": find_root(),
        "panel": static("chatdesk/panel.js"),
        "css": static("chatdesk/panel.css"),
        **{name: static(f"chatdesk/{name}.js") for name in CHUNKS},
        "lang": language,
        "strings": static(f"chatdesk/strings.{strings_language(language)}.json"),
        "shop": texts.shop,
        "topic": texts.topic,
        "chips": json.dumps(texts.chips, ensure_ascii=False),
        "peek": "1" if texts.sneak_peek else "0",
    }


@lru_cache(maxsize=64)
def written(data: tuple[tuple[str, str], ...]) -> SafeString:
    """Return attributes as HTML; the escaping is most of the work of the tag."""
    return format_html_join(" ", 'data-{}="{}"', data)


def find_root() -> str:
    """Return where the shop included chatdesk's routes, such as ``/chatdesk/``."""
    return reverse("chatdesk:visitor-status").removesuffix(STATUS_PATH)


def strings_language(language: str) -> str:
    """Return the language of the widget's strings: this one, its parent or English."""
    shipped = _shipped_languages()
    for each in (language, language.partition("-")[0]):
        if each in shipped:
            return each
    return DEFAULT_LANGUAGE


def find_nonce(request: HttpRequest | None, context: Context) -> str:
    """Return the nonce of the page's Content-Security-Policy, if it has one.

    django-csp puts it on the request, Django 6 into the context or, without its
    context processor, on the request under another name.
    """
    found = context.get("csp_nonce")
    for name in ("csp_nonce", "_csp_nonce"):
        if found is None:
            found = getattr(request, name, None)
    # A lazy nonce is made, and put into the header, by being printed.
    return "" if found is None else str(found)


@cache
def _shipped_languages() -> frozenset[str]:
    folder = Path(__file__).parent / "static" / "chatdesk"
    return frozenset(
        path.name.removeprefix("strings.").removesuffix(".json")
        for path in folder.glob("strings.*.json")
    )
