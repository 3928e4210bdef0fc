"""Where a visit comes from: referrer, campaign, advertisement, search phrase.

Engines name themselves and hide the phrase nearly always; where it is given, it is
read here, before the query of the address is thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from chatdesk.insight.text import clean

LONGEST_QUERY = 4000
MOST_FIELDS = 60

ENGINES = {
    "google": ("Google", ("q",)),
    "yandex": ("Yandex", ("text",)),
    "ya": ("Yandex", ("text",)),
    "bing": ("Bing", ("q",)),
    "duckduckgo": ("DuckDuckGo", ("q",)),
    "yahoo": ("Yahoo", ("p",)),
    "mail": ("Mail.ru", ("q",)),
    "rambler": ("Rambler", ("query",)),
    "baidu": ("Baidu", ("wd", "word")),
    "ecosia": ("Ecosia", ("q",)),
    "startpage": ("Startpage", ("query", "q")),
    "qwant": ("Qwant", ("q",)),
    "brave": ("Brave", ("q",)),
    "seznam": ("Seznam", ("q",)),
    "naver": ("Naver", ("query",)),
    "ask": ("Ask", ("q",)),
    "aol": ("AOL", ("q",)),
}
SEARCH_HOSTS = (
    "go.mail.ru",
    "search.brave.com",
    "search.yahoo.com",
    "search.naver.com",
)
ONLY_AS_SEARCH = ("mail", "brave", "naver")

NETWORKS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "vk": "VK",
    "ok": "OK",
    "t": "Telegram",
    "telegram": "Telegram",
    "twitter": "X",
    "x": "X",
    "youtube": "YouTube",
    "pinterest": "Pinterest",
    "linkedin": "LinkedIn",
    "reddit": "Reddit",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "dzen": "Dzen",
}
NETWORK_HOSTS = {"t.co": "X", "lnkd.in": "LinkedIn", "youtu.be": "YouTube"}
# Short names that are somebody else's under other endings.
NETWORK_ENDINGS = {"t": "me", "x": "com", "ok": "ru", "vk": "com"}

CLICKS = {
    "gclid": "Google Ads",
    "gbraid": "Google Ads",
    "wbraid": "Google Ads",
    "yclid": "Yandex Direct",
    "ysclid": "Yandex",
    "fbclid": "Facebook",
    "msclkid": "Microsoft Ads",
    "ttclid": "TikTok",
    "twclid": "X",
    "rb_clickid": "VK Ads",
    "_openstat": "Openstat",
}
# Put on every link of the place, so by themselves they are no advertisement.
NOT_PAID = {"ysclid", "fbclid"}
UTM = ("source", "medium", "campaign", "term", "content")
PAID = ("cpc", "ppc", "cpm", "paid", "display", "banner", "retargeting")


@dataclass(frozen=True, slots=True)
class Source:
    """``kind`` is one of ``search ad social mail campaign site direct``."""

    kind: str = "direct"
    name: str = ""
    phrase: str = ""
    referrer: str = ""
    campaign: Mapping[str, str] = field(default_factory=dict)


def read_source(*, referrer: str, query: str, own_host: str) -> Source:
    """Return where a landing page was reached from."""
    fields = _fields(query)
    campaign = _campaign(fields)
    host, came_from, asked = _read_referrer(referrer, own_host)
    kind, name, phrase = _place(host, asked)
    kind, name = _by_campaign(campaign, kind, name)
    return Source(
        kind=kind,
        name=clean(name, longest=80),
        phrase=clean(phrase or campaign.get("utm_term", ""), longest=200),
        referrer=came_from,
        campaign=campaign,
    )


def _by_campaign(campaign: Mapping[str, str], kind: str, name: str) -> tuple[str, str]:
    """Return the source in the light of what the shop's own link says of it."""
    if _is_paid(campaign):
        return "ad", name or _tag_of(campaign)
    if "mail" in campaign.get("utm_medium", "").lower():
        return "mail", campaign.get("utm_source", name)
    if kind in {"direct", "site"} and campaign:
        return _unseen(campaign), _tag_of(campaign) or name
    return kind, name


def _tag_of(campaign: Mapping[str, str]) -> str:
    clicked = (CLICKS[each] for each in CLICKS if each in campaign)
    if "utm_source" in campaign and not _is_click(campaign):
        return campaign["utm_source"]
    return next(clicked, campaign.get("utm_source", ""))


def _fields(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            query[:LONGEST_QUERY], max_num_fields=MOST_FIELDS, errors="replace"
        )
    except ValueError:
        return {}
    return dict(reversed(pairs))  # The first of two fields of one name counts.


def _campaign(fields: Mapping[str, str]) -> dict[str, str]:
    names = (*(f"utm_{name}" for name in UTM), *CLICKS)
    kept = {name: clean(fields.get(name, ""), longest=200) for name in names}
    return {name: text for name, text in kept.items() if text}


def _read_referrer(referrer: str, own_host: str) -> tuple[str, str, dict[str, str]]:
    """Return host, address without query, and fields; empty for a page of our own."""
    try:
        parts = urlsplit(referrer[:LONGEST_QUERY])
        host = (parts.hostname or "").lower()
    except ValueError:
        return "", "", {}
    if parts.scheme not in {"http", "https", "android-app"} or not host:
        return "", "", {}
    if host == own_host.rpartition("@")[2].partition(":")[0].lower():
        return "", "", {}
    address = clean(f"{parts.scheme}://{host}{parts.path}", longest=300)
    return host.removeprefix("www."), address, _fields(parts.query)


def _place(host: str, asked: Mapping[str, str]) -> tuple[str, str, str]:
    if not host:
        return "direct", "", ""
    labels = host.split(".")
    if host in NETWORK_HOSTS:
        return "social", NETWORK_HOSTS[host], ""
    for label, ending in zip(labels, [*labels[1:], ""], strict=True):
        engine = ENGINES.get(label)
        if engine and (label not in ONLY_AS_SEARCH or host in SEARCH_HOSTS):
            words = next((asked[name] for name in engine[1] if asked.get(name)), "")
            return "search", engine[0], words
        if label in NETWORKS and NETWORK_ENDINGS.get(label, ending) == ending:
            return "social", NETWORKS[label], ""
    return "site", host, ""


def _is_paid(campaign: Mapping[str, str]) -> bool:
    return _is_click(campaign) or campaign.get("utm_medium", "").lower().startswith(
        PAID
    )


def _is_click(campaign: Mapping[str, str]) -> bool:
    return any(name in campaign for name in CLICKS if name not in NOT_PAID)


def _unseen(campaign: Mapping[str, str]) -> str:
    """Return the kind of a visit whose browser did not say where it comes from."""
    if "ysclid" in campaign and "utm_source" not in campaign:
        return "search"
    return "social" if "fbclid" in campaign else "campaign"
