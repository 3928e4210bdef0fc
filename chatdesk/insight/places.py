"""Where an address probably is, looked up in this process and nowhere else.

The country is that of the address's registration. A city needs a file that the shop
names; without one there is no city. What is stored of an address is its network.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from chatdesk.insight.text import clean

V4_BITS = 24
V6_BITS = 48

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """An ISO code of two letters, a name of a city, a zone such as Europe/Lisbon."""

    country: str = ""
    city: str = ""
    zone: str = ""


def truncate_address(address: str) -> str:
    """Return the network of an address, /24 or /48, or nothing for no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    bits = V6_BITS if isinstance(parsed, IPv6Address) else V4_BITS
    return str(ip_network(f"{parsed}/{bits}", strict=False).network_address)


def find_place(address: str, *, city_file: str = "") -> Place:
    """Return what is known of an address; nothing of one of a private network."""
    try:
        if not ip_address(address).is_global:
            return Place()
    except ValueError:
        return Place()
    country = _country_finder()(address) or ""
    record = _record(address, city_file) if city_file else {}
    code = _text(record.get("country"), "iso_code") or _plain(record, "country_code")
    return Place(
        country=(code or country)[:2].upper(),
        city=_text(record.get("city"), "names") or _plain(record, "city"),
        zone=_text(record.get("location"), "time_zone") or _plain(record, "timezone"),
    )


@cache
def _country_finder() -> Callable[[str], str | None]:
    if not find_spec("iptocc"):
        return lambda _address: None
    finder: Callable[[str], str | None] = import_module("iptocc").country_code
    return finder


def _record(address: str, city_file: str) -> Mapping[str, Any]:
    reader = _open(city_file)
    if reader is None:
        return {}
    try:
        found = reader.get(address)
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


@cache
def _open(city_file: str) -> Any:
    if not find_spec("maxminddb"):
        logger.error("CITY_FILE needs the package maxminddb")
        return None
    try:
        return import_module("maxminddb").open_database(city_file)
    except Exception:
        # Without its file the chat goes on, and no visitor has a city.
        logger.exception("The file of cities cannot be read")
        return None


def _text(found: Any, name: str) -> str:
    """Return a text of a nested record; of names in languages, the English one."""
    value = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(value, Mapping):
        value = value.get("en")
    return clean(value, longest=100) if isinstance(value, str) else ""


def _plain(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return clean(value, longest=100) if isinstance(value, str) else ""
