"""Tags for the shop's own templates: ``{% load chatdesk %}``."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.embed import (
    DEFAULT_LANGUAGE,
    Texts,
    find_nonce,
    watch_data,
    widget_data,
    written,
)
from chatdesk.remembered import Remembered
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.wire.objects import Availability

register = template.Library()

TEXTS_S = 30
STATE_S = 5

STATES = {
    "online": _("We are here: ask us anything."),
    "busy": _("We are talking to others and answer as soon as we can."),
    "away": _("Nobody is here just now. Write, and the answer waits for you."),
    "offline": _("We are closed now. Write, and the answer waits for you."),
}


def _load_texts() -> Texts:
    settings, storefront = get_settings(), get_storefront()
    return Texts(
        shop=settings.site_name or storefront.name,
        topic=storefront.topic,
        chips=tuple(str(chip) for chip in storefront.chips),
        sneak_peek=settings.sneak_peek and storefront.sneak_peek,
    )


def _load_state() -> Availability:
    return get_availability(at=clock.now())


def _translate(given: Texts) -> Texts:
    topic = gettext(given.topic) if given.topic else ""
    chips = tuple(gettext(chip) for chip in given.chips if chip)
    return replace(given, topic=topic, chips=chips)


texts = Remembered(_load_texts, seconds=TEXTS_S)
state = Remembered(_load_state, seconds=STATE_S)


@register.inclusion_tag("chatdesk/widget_tag.html", takes_context=True)
def chatdesk_widget(context: RequestContext) -> dict[str, Any]:
    """Put the widget on the page: one script that loads when the page is done.

    Where the shop watches visits, a second, tiny one says for how long the page was
    visible. The same HTML for every visitor, and no query; a change of the storefront
    shows within half a minute. The storefront's words are looked up in the shop's own
    catalogue, so a shop with several languages translates them like any other.
    """
    language = get_language() or DEFAULT_LANGUAGE
    watch = watch_data()
    data = widget_data(texts=_translate(texts.get()), language=language)
    return {
        "src": static("chatdesk/launcher.js"),
        "nonce": find_nonce(context.get("request"), context),
        "data": written(tuple(data.items())),
        "watch": written(tuple(watch.items())) if watch else "",
        "watch_src": static("chatdesk/visit.js") if watch else "",
    }


@register.simple_tag
def chatdesk_status() -> SafeString:
    """Say in a few words whether anybody is there, at most five seconds ago.

    A page that a cache keeps says what was true when it was made: give such a page a
    life of a minute.
    """
    now = state.get()
    text = str(STATES.get(now.state, STATES["away"]))
    if now.opens_at is not None:
        opening = datetime.fromtimestamp(now.opens_at / 1000, UTC)
        text = gettext("We are closed now and back on %(time)s.") % {
            "time": date_format(localtime(opening), "l, j E, H:i")
        }
    return format_html(
        '<span class="chatdesk-status" data-state="{}">{}</span>', now.state, text
    )
