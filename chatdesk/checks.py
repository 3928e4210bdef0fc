"""System checks: a misconfiguration becomes a sentence with a hint.

``manage.py check --tag chatdesk`` runs these alone. Errors are what cannot work,
warnings what works worse than the shop expects.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import timedelta
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from channels import DEFAULT_CHANNEL_LAYER
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router

from chatdesk.conf import Settings
from chatdesk.limits import parse_rate
from chatdesk.models import Conversation
from chatdesk.senders.push import is_installed
from chatdesk.senders.webhook import is_hook_address

TAG = "chatdesk"

STOCK_LAYER = "channels.layers.InMemoryChannelLayer"
OWN_LAYER = "chatdesk.embedded.layer.LoopSafeInMemoryChannelLayer"
LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"
SAFE_DAPHNE = (4, 2, 2)
REDIS_WITH_TIMEOUT = (8,)

Apps = Sequence[AppConfig] | None


@register(TAG)
def check_settings(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Compare the ``CHATDESK`` dictionary with what there is to set."""
    given: dict[str, Any] = getattr(settings, "CHATDESK", {})
    kinds = get_type_hints(Settings)
    known = {field.name.upper(): kinds[field.name] for field in fields(Settings)}
    found: list[CheckMessage] = [
        Error(
            f"CHATDESK has the unknown key {key!r}.",
            hint=f"Known keys: {', '.join(sorted(known))}.",
            id="chatdesk.E001",
        )
        for key in given
        if key not in known
    ]
    for key in given.keys() & known.keys():
        found.extend(_check_value(key, given[key], known[key]))
    return found


def _check_value(key: str, value: Any, kind: Any) -> Iterator[CheckMessage]:
    if not _is_a(value, kind):
        yield Error(
            f"CHATDESK[{key!r}] is {value!r}, which is not {_name_of(kind)}.",
            id="chatdesk.E002",
        )
    elif key.endswith("_RATE"):
        try:
            parse_rate(value)
        except ImproperlyConfigured as error:
            yield Error(f"CHATDESK[{key!r}]: {error}", id="chatdesk.E003")


def _is_a(value: Any, kind: Any) -> bool:
    if kind in (str, bool, timedelta):
        return isinstance(value, kind)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    # What remains is tuple[str, ...]; a string alone would be taken letter by letter.
    return isinstance(value, tuple | list) and all(isinstance(x, str) for x in value)


def _name_of(kind: Any) -> str:
    names = {str: "text", bool: "true or false", int: "a whole number"}
    return names.get(kind) or (
        "a timedelta" if kind is timedelta else "a list of texts"
    )


@register(TAG)
def check_site_url(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Mails link to the configured address only, never to what a request says."""
    url = getattr(settings, "CHATDESK", {}).get("SITE_URL", "")
    if not url:
        return [
            Caution(
                "CHATDESK['SITE_URL'] is empty, so mails carry no links.",
                hint="Set it to the address of the shop, as https://shop.example.",
                id="chatdesk.W007",
            )
        ]
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return [
            Error(
                f"CHATDESK['SITE_URL'] is {url!r}, which is not an address.",
                hint="It begins with https:// and names the host of the shop.",
                id="chatdesk.E004",
            )
        ]
    return []


@register(TAG)
def check_origins(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Sockets are opened by exact origins only, so anything else never matches."""
    given = getattr(settings, "CHATDESK", {}).get("ALLOWED_ORIGINS", ())
    if not _is_a(given, tuple[str, ...]):
        return []  # Said already.
    return [
        Error(
            f"CHATDESK['ALLOWED_ORIGINS'] has {origin!r}, which is not an origin.",
            hint="Scheme, host and perhaps a port, as https://www.shop.example.",
            id="chatdesk.E009",
        )
        for origin in given
        if not _is_origin(origin)
    ]


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    is_web = parts.scheme in {"http", "https"} and "*" not in parts.netloc
    return is_web and text.lower() == f"{parts.scheme}://{parts.netloc.lower()}"


@register(TAG)
def check_push(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """A push needs both keys, somebody to write to, and the extra."""
    names = ("VAPID_PUBLIC_KEY", "VAPID_PRIVATE_KEY", "VAPID_CONTACT")
    given = getattr(settings, "CHATDESK", {})
    missing = [name for name in names if not given.get(name)]
    if len(missing) == len(names):
        return []
    if missing:
        return [
            Error(
                f"Push is half set: CHATDESK lacks {', '.join(missing)}.",
                hint="manage.py chatdesk_vapid makes the keys; the contact is such as "
                "mailto:owner@shop.example.",
                id="chatdesk.E010",
            )
        ]
    if is_installed():
        return []
    text = "Push is set and its libraries are missing."
    hint = "pip install 'chatdesk[push]'"
    return [Error(text, hint=hint, id="chatdesk.E011")]


@register(TAG)
def check_ledger_webhook(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Accounting needs an address that can be posted to, and a secret to trust it."""
    given = getattr(settings, "CHATDESK", {})
    address = given.get("LEDGER_WEBHOOK")
    if not address:
        return []
    if is_hook_address(str(address)) and given.get("LEDGER_WEBHOOK_SECRET"):
        return []
    text = "CHATDESK['LEDGER_WEBHOOK'] needs an http address and LEDGER_WEBHOOK_SECRET."
    hint = "Whoever takes the lines checks the signature that the secret makes."
    return [Error(text, hint=hint, id="chatdesk.E012")]


@register(TAG)
def check_time_zone(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Deadlines and figures need moments that mean the same everywhere."""
    if settings.USE_TZ:
        return []
    return [Error("chatdesk needs USE_TZ = True.", id="chatdesk.E005")]


@register(TAG)
def check_asgi(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Without the wrap there are no sockets, and the widget asks over HTTP."""
    path = getattr(settings, "ASGI_APPLICATION", None)
    if path and _is_wrapped(path):
        return []
    return [
        Caution(
            "The ASGI application is not wrapped by chatdesk, so there are no "
            "sockets: the widget works by polling, which is slower and costs more.",
            hint="In asgi.py: application = chatdesk.routing.wrap("
            "get_asgi_application()), and name it in ASGI_APPLICATION.",
            id="chatdesk.W001",
        )
    ]


def _is_wrapped(path: str) -> bool:
    try:
        import_module(path.rpartition(".")[0])
    except ImportError:
        return False
    # Nothing but the host's own module imports the routing.
    return "chatdesk.routing" in sys.modules


@register(TAG)
def check_layer(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Look at how processes hear of each other."""
    config = getattr(settings, "CHANNEL_LAYERS", {}).get(DEFAULT_CHANNEL_LAYER, {})
    backend = config.get("BACKEND", "")
    if backend.startswith("channels_redis."):
        return _check_redis(config.get("CONFIG", {}))
    if settings.DEBUG:
        return []
    hint = "Use channels_redis.pubsub.RedisPubSubChannelLayer for several processes."
    if not backend:
        text = "There is no channel layer: processes hear of each other seconds late."
        return [Caution(text, hint=hint, id="chatdesk.W003")]
    if backend == STOCK_LAYER:
        text = "The in-memory channel layer of Channels is for development only."
        return [Error(text, hint=f"{hint} For one: {OWN_LAYER}.", id="chatdesk.E006")]
    if backend == OWN_LAYER:
        text = "The in-memory channel layer is right for one process only."
        return [Caution(text, hint=hint, id="chatdesk.W002")]
    return []


def _check_redis(config: dict[str, Any]) -> list[CheckMessage]:
    if _version_of("redis") < REDIS_WITH_TIMEOUT:
        return []
    hosts = config.get("hosts") or [None]
    if all(_waits_for_ever(host) for host in hosts):
        return []
    return [
        Error(
            "redis-py 8 ends a silent subscription after 5 seconds, and every "
            "socket of the process with it.",
            hint='CONFIG: {"hosts": [{"address": URL, "socket_timeout": None}]}.',
            id="chatdesk.E007",
        )
    ]


def _waits_for_ever(host: Any) -> bool:
    return isinstance(host, dict) and host.get("socket_timeout", 5) is None


@register(TAG)
def check_database(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Look at how the log's database locks and connects."""
    connection = connections[router.db_for_write(Conversation)]
    config = connection.settings_dict
    found: list[CheckMessage] = []
    if connection.vendor == "sqlite":
        found.extend(_check_sqlite(config.get("OPTIONS", {})))
    if config.get("OPTIONS", {}).get("pool") and not config.get("CONN_HEALTH_CHECKS"):
        found.append(
            Caution(
                "After a restart of the database the pool hands out connections "
                "that are dead.",
                hint="Set CONN_HEALTH_CHECKS to True for this database.",
                id="chatdesk.W009",
            )
        )
    if config.get("CONN_MAX_AGE") != 0 and getattr(settings, "ASGI_APPLICATION", None):
        found.append(
            Caution(
                "CONN_MAX_AGE keeps a connection for each of a server's threads, and "
                "under ASGI these come and go.",
                hint='Leave it at 0; on PostgreSQL use OPTIONS = {"pool": True}.',
                id="chatdesk.W006",
            )
        )
    return found


@register(Tags.database)
def check_durability(
    app_configs: Apps, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Ask PostgreSQL whether it keeps what it says it has committed.

    Django runs this where it may ask a database: at ``migrate``, ``check --database``.
    """
    alias = router.db_for_write(Conversation)
    connection = connections[alias]
    if alias not in (databases or ()) or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE setting = 'off'"
            " AND name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
            " ORDER BY name"
        )
        names = [name for (name,) in cursor.fetchall()]
    return [
        Caution(
            f"PostgreSQL runs with {name} = off: words that were shown as sent may "
            "be gone after a crash.",
            hint=f"ALTER SYSTEM RESET {name}; SELECT pg_reload_conf();",
            id="chatdesk.W010",
        )
        for name in names
    ]


def _check_sqlite(options: dict[str, Any]) -> Iterator[CheckMessage]:
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        yield Caution(
            "SQLite takes its write lock late, so transactions of the shop that begin "
            "with a read may fail while somebody chats.",
            hint='OPTIONS = {"transaction_mode": "IMMEDIATE", "timeout": 20}.',
            id="chatdesk.W004",
        )
    commands = str(options.get("init_command", "")).lower().replace(" ", "")
    if "journal_mode=wal" not in commands:
        yield Caution(
            "SQLite does not write ahead, so readers and writers stop each other.",
            hint='OPTIONS = {"init_command": "PRAGMA journal_mode=WAL;"}.',
            id="chatdesk.W005",
        )


@register(TAG)
def check_cache(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Limits are counted in the cache, so it should be one for all processes."""
    backend = settings.CACHES.get("default", {}).get("BACKEND")
    if settings.DEBUG or backend != LOCAL_CACHE:
        return []
    return [
        Caution(
            "The default cache is local, so every process counts limits for itself.",
            hint="Use django.core.cache.backends.redis.RedisCache, or another that "
            "all processes share.",
            id="chatdesk.W008",
        )
    ]


@register(TAG)
def check_daphne(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:
    """Older releases of Daphne take frames of any size and smuggled headers."""
    installed = _version_of("daphne")
    if not installed or installed >= SAFE_DAPHNE:
        return []
    return [
        Error(
            "This Daphne has the faults CVE-2026-44545 and CVE-2026-44546.",
            hint="pip install 'daphne>=4.2.2'",
            id="chatdesk.E008",
        )
    ]


def _version_of(package: str) -> tuple[int, ...]:
    """Return the installed release as numbers, empty when there is none."""
    try:
        parts = version(package).split(".")
    except PackageNotFoundError:
        return ()
    return tuple(int(part) for part in parts if part.isdigit())
