"""What a browser says of itself, in few words; the libraries are optional."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from chatdesk.insight.text import clean

REMEMBERED = 2048
BOT_WORDS = ("bot", "crawl", "spider", "slurp", "headless", "python-", "curl/", "wget")


@dataclass(frozen=True, slots=True)
class Device:
    """``kind`` is ``phone``, ``tablet``, ``desktop`` or empty."""

    kind: str = ""
    browser: str = ""
    system: str = ""


@lru_cache(maxsize=REMEMBERED)
def is_bot(user_agent: str) -> bool:
    """Return whether a program asks that is nobody's browser; no name is a bot's."""
    if not user_agent:
        return True
    detector = _detector()
    if detector is None:
        return any(word in user_agent.lower() for word in BOT_WORDS)
    return bool(detector.isCrawler(user_agent))


@lru_cache(maxsize=REMEMBERED)
def read_device(user_agent: str) -> Device:
    """Return family and major version of browser and system, and the sort of device."""
    if not user_agent or not find_spec("ua_parser"):
        return Device(kind=_kind(user_agent, ""))
    result = import_module("ua_parser").parse(user_agent)
    model = "" if result.device is None else result.device.family
    return Device(
        kind=_kind(user_agent, model),
        browser=_named(result.user_agent).replace("Mobile Safari", "Safari"),
        system=_named(result.os),
    )


def _named(part: Any) -> str:
    if part is None or part.family == "Other":
        return ""
    return clean(f"{part.family} {part.major or ''}", longest=60)


def _kind(user_agent: str, model: str) -> str:
    if "iPad" in user_agent or "Tablet" in user_agent or "iPad" in model:
        return "tablet"
    if "Android" in user_agent:
        return "phone" if "Mobile" in user_agent else "tablet"
    if "iPhone" in user_agent or "Mobile" in user_agent:
        return "phone"
    return "desktop" if user_agent else ""


@lru_cache(maxsize=1)
def _detector() -> Any:
    if not find_spec("crawlerdetect"):
        return None
    return import_module("crawlerdetect").CrawlerDetect()
