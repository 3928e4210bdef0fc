"""One rate limiter for HTTP and sockets; the rates come from the settings.

A count lives in Django's default cache, so all processes of a site share it, and it is
raised by the cache itself, so that requests side by side never pass as one. When the
cache fails, each process counts for itself: a chat must not stop with its cache.

Messages are too many to ask the cache about each: a process counts them in memory and
tells the cache a whole part of the rate at a time.
"""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from ipaddress import IPv6Address, IPv6Network, ip_address
from uuid import UUID

from django.core.cache import cache as host_cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import ImproperlyConfigured

from chatdesk import clock
from chatdesk.conf import get_settings

logger = logging.getLogger(__name__)

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
CACHE_PAUSE_S = 5.0
NEVER_S = 3600.0
MOST_WRITERS = 20_000
PARTS = 4

Run = Callable[[Callable[[], None]], object]


@dataclass
class _Fallback:
    """Counts of this process alone, and until when the host's cache is left alone."""

    counts: BaseCache = field(
        default_factory=lambda: LocMemCache(
            "chatdesk-limits", {"OPTIONS": {"MAX_ENTRIES": 50_000}}
        )
    )
    until: float = 0.0


_fallback = _Fallback()


class Budget:
    """A token bucket for a rate such as ``30/m``; the whole number may come at once."""

    __slots__ = ("_capacity", "_clock", "_filled_at", "_left", "_per_second")

    def __init__(self, rate: str, *, clock: Callable[[], float] = time.monotonic):
        number, seconds = parse_rate(rate)
        self._capacity = float(number)
        self._per_second = number / seconds
        self._left = self._capacity
        self._clock = clock
        self._filled_at = clock()

    def spend(self) -> float | None:
        """Take one; return None, or the seconds until there is one again."""
        now = self._clock()
        gained = (now - self._filled_at) * self._per_second
        self._left = min(self._capacity, self._left + gained)
        self._filled_at = now
        if self._left >= 1:
            self._left -= 1
            return None
        return (1 - self._left) / self._per_second if self._per_second else NEVER_S


@dataclass(slots=True)
class _Writer:
    """What one visitor wrote through this process, and what others found too much."""

    budget: Budget
    untold: int = 0
    closed_until: float = 0.0


_writers: OrderedDict[UUID, _Writer] = OrderedDict()
_writers_lock = threading.Lock()


def allow(*, name: str, key: str, rate: str, uses: int = 1) -> float | None:
    """Count uses; return None when they are within the rate, else seconds to wait.

    ``name`` says what is counted and ``key`` for whom. Windows are fixed and begin at
    another moment for each key, so that not everybody may start again at once.
    """
    limit, period = parse_rate(rate)
    digest = hashlib.sha256(f"{name}:{key}".encode(errors="replace")).hexdigest()[:32]
    shifted = clock.now().timestamp() + int(digest[:8], 16) % period
    window, passed = divmod(shifted, period)
    if _count(f"chatdesk:limit:{digest}:{window:.0f}", period, uses) <= limit:
        return None
    return period - passed


def allow_request(*, address: str) -> float | None:
    """Count any request of a visitor's page, by network address."""
    rate = get_settings().frame_rate
    return allow(name="request", key=address_key(address), rate=rate)


def allow_message(*, visitor: UUID, run: Run) -> float | None:
    """Count a message of a visitor, by whichever of his tabs and ways it came.

    Takes memory and no time, so an event loop may call it. Now and then the cache is
    told, so that other processes learn of a busy writer: by a function handed to
    ``run``, which must not be run on an event loop.
    """
    rate = get_settings().message_rate
    with _writers_lock:
        writer = _writers.pop(visitor, None) or _Writer(Budget(rate))
        _writers[visitor] = writer
        while len(_writers) > MOST_WRITERS:
            _writers.popitem(last=False)
        wait = writer.closed_until - time.monotonic()
        if wait > 0:
            return wait
        wait_here = writer.budget.spend()
        if wait_here is not None:
            return wait_here
        writer.untold += 1
        part = max(1, parse_rate(rate)[0] // PARTS)
        if writer.untold < part:
            return None
        writer.untold = 0
    run(partial(_tell, visitor, writer, rate, part))
    return None


def allow_start(*, address: str) -> float | None:
    """Count a new conversation from a network address."""
    rate = get_settings().start_rate
    return allow(name="start", key=address_key(address), rate=rate)


def allow_typing(*, visitor_id: int, public_id: UUID) -> float | None:
    """Count a typing sign or draft that came over HTTP."""
    key = f"{visitor_id}:{public_id.hex}"
    return allow(name="typing", key=key, rate=get_settings().draft_rate)


@cache
def parse_rate(rate: str) -> tuple[int, int]:
    """Return ``30/m`` as (30, 60); raises ``ImproperlyConfigured`` for nonsense."""
    count, _, unit = rate.partition("/")
    if not (count.isascii() and count.isdigit()) or unit not in PERIODS:
        raise ImproperlyConfigured(
            f"A rate is written as 30/m, with s, m, h or d; not {rate!r}."
        )
    return int(count), PERIODS[unit]


def address_key(address: str) -> str:
    """Return what stands for the owner of an address: an IPv4 /32 or an IPv6 /64.

    One customer of a provider commands a whole /64, so that is counted as one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((int(parsed), 64), strict=False))
    return str(parsed)


def client_address(
    *, peer: str, forwarded_for: str, trusted_proxies: int | None = None
) -> str:
    """Return the address of the client, as far as it can be trusted.

    ``peer`` is who opened the connection and ``forwarded_for`` all of the header
    ``X-Forwarded-For``. Each of the site's own proxies appended whom it saw, so the
    n-th value from the right was written by the outermost of n proxies; what stands
    left of it was written by the client and is not looked at.
    """
    if trusted_proxies is None:
        trusted_proxies = get_settings().trusted_proxies
    seen = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    if trusted_proxies < 1 or not seen:
        return _bare(peer) or peer
    return _bare(seen[-min(trusted_proxies, len(seen))]) or _bare(peer) or peer


def _bare(address: str) -> str:
    # Some proxies add the port: 192.0.2.1:4711 and [2001:db8::1]:4711.
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        return str(ip_address(address.partition("%")[0]))
    except ValueError:
        return ""


def _tell(visitor: UUID, writer: _Writer, rate: str, uses: int) -> None:
    wait = allow(name="message", key=visitor.hex, rate=rate, uses=uses)
    if wait is not None:
        writer.closed_until = time.monotonic() + wait


def _count(key: str, period: int, uses: int) -> int:
    if time.monotonic() >= _fallback.until:
        try:
            return _raise(host_cache, key, period, uses)
        except Exception:  # noqa: BLE001 - each cache backend fails in its own way
            _fallback.until = time.monotonic() + CACHE_PAUSE_S
            logger.warning("The cache failed; rates are counted by process for now")
    return _raise(_fallback.counts, key, period, uses)


def _raise(counts: BaseCache, key: str, period: int, uses: int) -> int:
    counts.add(key, 0, timeout=2 * period)
    try:
        return counts.incr(key, uses)
    except ValueError:
        # Evicted in between, or a cache that keeps nothing.
        counts.add(key, uses, timeout=2 * period)
        return uses
