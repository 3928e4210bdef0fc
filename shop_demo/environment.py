"""Reads the addresses of databases out of environment variables."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def read_switch(value: str) -> bool:
    """Return whether a variable says yes: ``1``, ``true``, ``yes`` or ``on``."""
    return value.strip().lower() in {"1", "true", "yes", "on"}


def read_list(value: str) -> list[str]:
    """Split a comma-separated variable, dropping blanks."""
    return [item.strip() for item in value.split(",") if item.strip()]


def read_database_url(url: str) -> dict[str, Any]:
    """Turn ``postgres://user:password@host:port/name`` into Django's dictionary.

    A socket folder is given as ``?host=/run/postgresql`` or percent-encoded in the
    place of the host. Connections come from psycopg's pool, which must not be
    combined with ``CONN_MAX_AGE``.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must name PostgreSQL, not {parts.scheme!r}")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or query.get("password", "")),
        "HOST": query.get("host", unquote(parts.hostname or "")),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 10}},
    }
