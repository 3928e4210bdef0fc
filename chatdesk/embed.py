"""What a page of the shop carries of the widget: the same for every visitor.

So a page may be kept in any cache. Nothing here knows who asks, and after the first
page a process remembers the storefront's texts for a while, so that a page costs no
query.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings as host_settings
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from chatdesk.conf import get_settings

DEFAULT_LANGUAGE = "en"
WATCHER = "chatdesk.middleware.VisitMiddleware"
LOOK_PATH = "api/v1/visitor/look/"
# Scripts that the panel fetches when it needs them; frontend/build.mjs has the same.
CHUNKS = ("letter", "cards")
STATUS_PATH = "api/v1/visitor/status/"


@dataclass(frozen=True, slots=True)
class Texts:
    """What the widget says of the shop."""

    shop: str
    topic: str = ""
    chips: tuple[str, ...] = ()
    sneak_peek: bool = True


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


def watch_data() -> dict[str, str]:
    """Return the attributes of the script that tells how long a page was visible.

    Nothing where visits are not watched. ``consent`` is the cookie that the script
    waits for before it says anything, or ``?`` for the shop's own word.
    """
    settings = get_settings()
    if WATCHER not in host_settings.MIDDLEWARE or settings.tracking == "off":
        return {}
    data = {"to": find_root() + LOOK_PATH}
    if settings.tracking == "strict":
        data["consent"] = settings.consent_cookie or "?"
    return data


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
