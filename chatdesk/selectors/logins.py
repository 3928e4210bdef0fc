"""Logins of the shop: whether sessions still stand, asked for many of them at once.

What Django does for a request, one session and one user at a time, sockets need for
themselves every few seconds. Here the sessions of all of them cost one query.
"""

from collections.abc import Collection, Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings as host_settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_backends,
    get_user,
    load_backend,
)
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.cache import SessionStore as CacheStore
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.cache import caches
from django.utils.crypto import constant_time_compare

from chatdesk import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

Session = Mapping[str, Any]

DECIDING = (
    "get_user",
    "user_can_authenticate",
    "has_perm",
    "get_all_permissions",
    "get_user_permissions",
    "get_group_permissions",
    "_get_permissions",
    "_get_user_permissions",
    "_get_group_permissions",
)


def user_id_of_session(key: str) -> int | None:
    """Return the key of the active user who is signed in by a session, if any is."""
    if not key:
        return None
    request = SimpleNamespace(session=_store()(key))
    user = get_user(cast("HttpRequest", request))
    return user.pk if user.is_authenticated and user.is_active else None


def read_sessions(keys: Collection[str]) -> dict[str, Session]:
    """Return the sessions that still exist, by key.

    One query where sessions are in the database, one look where they are in a cache;
    a host's own kind of session is read one by one.
    """
    store, wanted = _store(), {key for key in keys if key}
    if not wanted:
        return {}
    if issubclass(store, DatabaseStore):
        rows = store.get_model_class().objects.filter(
            session_key__in=wanted, expire_date__gt=clock.now()
        )
        return {row.session_key: row.get_decoded() for row in rows}
    if issubclass(store, CacheStore):
        named = {store.cache_key_prefix + key: key for key in wanted}
        found = caches[host_settings.SESSION_CACHE_ALIAS].get_many(named)
        return {named[name]: session for name, session in found.items()}
    return {key: store(key).load() for key in wanted}


def is_login_of(session: Session | None, user: AbstractBaseUser) -> bool:
    """Return whether this very user is signed in by a session, and still may be.

    The same questions as Django's own, without asking the database again.
    """
    if not session or not user.is_active:
        return False
    backend = str(session.get(BACKEND_SESSION_KEY))
    if backend not in host_settings.AUTHENTICATION_BACKENDS:
        return False
    if session.get(SESSION_KEY) != user._meta.pk.value_to_string(user):
        return False
    known = str(session.get(HASH_SESSION_KEY, ""))
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    if not any(constant_time_compare(known, each) for each in hashes):
        return False
    return are_backends_plain() or load_backend(backend).get_user(user.pk) is not None


def are_backends_plain() -> bool:
    """Return whether Django's own rules and nothing else decide who may do what.

    A host's backend that only lets people sign in in another way is still plain.
    """
    return all(
        getattr(type(backend), name, None) is getattr(ModelBackend, name)
        for backend in get_backends()
        for name in DECIDING
    )


def _store() -> Any:
    return import_module(host_settings.SESSION_ENGINE).SessionStore
