"""System checks: each says one thing that is mis-set, and nothing when all is well."""

import sys
from copy import deepcopy
from datetime import timedelta

import pytest
from django.core import checks as django_checks
from django.db import connections

from chatdesk import checks

REDIS = "channels_redis.pubsub.RedisPubSubChannelLayer"


def ids(found):
    return [message.id for message in found]


@pytest.fixture
def versions(monkeypatch):
    """Let packages have other versions than those that are installed."""
    chosen: dict[str, tuple[int, ...]] = {}
    real = checks._version_of
    monkeypatch.setattr(
        checks, "_version_of", lambda name: chosen.get(name, real(name))
    )
    return chosen


@pytest.fixture
def database(monkeypatch):
    """Let the database have other settings for the time of a check."""
    config = deepcopy(connections["default"].settings_dict)
    monkeypatch.setattr(connections["default"], "settings_dict", config)
    return config


def layer(settings, backend, **config):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": config}}


def test_all_checks_are_registered_under_one_tag():
    found = django_checks.run_checks(tags=[checks.TAG])
    assert set(ids(found)) <= {"chatdesk.W002", "chatdesk.W007", "chatdesk.W008"}
    assert found


def test_every_finding_says_how_to_put_it_right_or_what_is_wrong(settings):
    settings.CHATDESK = {"GAOL": 1}
    (found,) = checks.check_settings(None)
    assert "GAOL" in found.msg
    assert "GOAL" in found.hint


def test_settings_may_be_absent_or_right(settings):
    settings.CHATDESK = {
        "GOAL": timedelta(seconds=10),
        "CAPACITY": 3,
        "TICK": False,
        "ALERT_EMAILS": ["owner@shop.example"],
        "MESSAGE_RATE": "5/s",
    }
    assert checks.check_settings(None) == []
    del settings.CHATDESK
    assert checks.check_settings(None) == []


@pytest.mark.parametrize(
    ("key", "value", "id_"),
    [
        ("UNKNOWN", 1, "chatdesk.E001"),
        ("GOAL", 15, "chatdesk.E002"),
        ("CAPACITY", "5", "chatdesk.E002"),
        ("CAPACITY", True, "chatdesk.E002"),
        ("TICK", "yes", "chatdesk.E002"),
        ("ALERT_EMAILS", "owner@shop.example", "chatdesk.E002"),
        ("ALERT_EMAILS", [1], "chatdesk.E002"),
        ("FROM_EMAIL", None, "chatdesk.E002"),
        ("MESSAGE_RATE", "often", "chatdesk.E003"),
    ],
)
def test_settings_that_cannot_be_meant_are_errors(settings, key, value, id_):
    settings.CHATDESK = {key: value}
    assert ids(checks.check_settings(None)) == [id_]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://shop.example", []),
        ("http://localhost:8000/", []),
        ("", ["chatdesk.W007"]),
        ("shop.example", ["chatdesk.E004"]),
        ("javascript://shop.example", ["chatdesk.E004"]),
        ("https://", ["chatdesk.E004"]),
        (7, ["chatdesk.E004"]),
    ],
)
def test_the_address_of_the_site_is_looked_at(settings, url, expected):
    settings.CHATDESK = {"SITE_URL": url}
    assert ids(checks.check_site_url(None)) == expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://www.shop.example", []),
        ("http://localhost:8000", []),
        ("https://Shop.example", []),
        ("shop.example", ["chatdesk.E009"]),
        ("https://*.shop.example", ["chatdesk.E009"]),
        ("https://shop.example/", ["chatdesk.E009"]),
        ("wss://shop.example", ["chatdesk.E009"]),
        ("*", ["chatdesk.E009"]),
        ("", ["chatdesk.E009"]),
    ],
)
def test_what_is_no_exact_origin_is_an_error(settings, origin, expected):
    settings.CHATDESK = {"ALLOWED_ORIGINS": [origin]}
    assert ids(checks.check_origins(None)) == expected
    # A list that is none is the business of another check.
    settings.CHATDESK = {"ALLOWED_ORIGINS": origin or 7}
    assert checks.check_origins(None) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"LEDGER_WEBHOOK_SECRET": "s"}, []),
        (
            {"LEDGER_WEBHOOK": "https://books.example/", "LEDGER_WEBHOOK_SECRET": "s"},
            [],
        ),
        ({"LEDGER_WEBHOOK": "https://books.example/"}, ["chatdesk.E012"]),
        (
            {"LEDGER_WEBHOOK": "books.example", "LEDGER_WEBHOOK_SECRET": "s"},
            ["chatdesk.E012"],
        ),
    ],
)
def test_accounting_needs_an_address_and_a_secret(settings, given, expected):
    settings.CHATDESK = given
    assert ids(checks.check_ledger_webhook(None)) == expected


def test_naive_times_are_an_error(settings):
    settings.USE_TZ = False
    assert ids(checks.check_time_zone(None)) == ["chatdesk.E005"]


def test_a_wrapped_application_is_well():
    assert checks.check_asgi(None) == []


@pytest.mark.parametrize("path", [None, "no_such_module.application", "json.dumps"])
def test_an_application_without_the_wrap_is_a_warning(settings, monkeypatch, path):
    monkeypatch.delitem(sys.modules, "chatdesk.routing", raising=False)
    settings.ASGI_APPLICATION = path
    assert ids(checks.check_asgi(None)) == ["chatdesk.W001"]


@pytest.mark.parametrize(
    ("backend", "debug", "expected"),
    [
        (checks.STOCK_LAYER, False, ["chatdesk.E006"]),
        (checks.STOCK_LAYER, True, []),
        (checks.OWN_LAYER, False, ["chatdesk.W002"]),
        (checks.OWN_LAYER, True, []),
        ("shop.layers.OwnLayer", False, []),
    ],
)
def test_a_layer_of_one_process_is_for_one_process(settings, backend, debug, expected):
    settings.DEBUG = debug
    layer(settings, backend)
    assert ids(checks.check_layer(None)) == expected


def test_no_layer_is_a_warning_in_production(settings):
    settings.CHANNEL_LAYERS = {}
    assert ids(checks.check_layer(None)) == ["chatdesk.W003"]
    settings.DEBUG = True
    assert checks.check_layer(None) == []


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"hosts": ["redis://localhost"]},
        {"hosts": [("localhost", 6379)]},
        {"hosts": [{"address": "redis://localhost"}]},
        {"hosts": [{"address": "redis://localhost", "socket_timeout": 5}]},
        {"hosts": [{"address": "a", "socket_timeout": None}, "redis://b"]},
    ],
)
def test_redis_py_8_must_be_told_to_wait_for_ever(settings, versions, config):
    layer(settings, REDIS, **config)
    versions["redis"] = (8, 1, 0)
    assert ids(checks.check_layer(None)) == ["chatdesk.E007"]
    versions["redis"] = (7, 9)
    assert checks.check_layer(None) == []


def test_redis_py_8_that_waits_for_ever_is_well(settings, versions):
    versions["redis"] = (8, 1, 0)
    hosts = [{"address": "redis://localhost", "socket_timeout": None}]
    layer(settings, REDIS, hosts=hosts)
    assert checks.check_layer(None) == []


def test_sqlite_that_locks_late_or_does_not_write_ahead_is_a_warning(
    database, monkeypatch
):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    database["OPTIONS"] = {}
    assert ids(checks.check_database(None)) == ["chatdesk.W004", "chatdesk.W005"]
    database["OPTIONS"] = {
        "transaction_mode": "immediate",
        "init_command": "pragma journal_mode = WAL",
    }
    assert checks.check_database(None) == []


def test_postgres_needs_no_such_options(database, monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "postgresql")
    database["OPTIONS"] = {}
    assert checks.check_database(None) == []


def test_a_pool_that_trusts_its_connections_is_a_warning(database):
    database.update(CONN_MAX_AGE=0, OPTIONS={**database["OPTIONS"], "pool": True})
    assert ids(checks.check_database(None)) == ["chatdesk.W009"]
    database["CONN_HEALTH_CHECKS"] = True
    assert checks.check_database(None) == []


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_that_may_forget_what_it_committed_is_a_warning():
    found = checks.check_durability(None, databases=["default"])
    if connections["default"].vendor == "postgresql":
        with connections["default"].cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            forgetful = checks.check_durability(None, databases=["default"])
            cursor.execute("RESET synchronous_commit")
        assert len(forgetful) == len(found) + 1
        assert "synchronous_commit" in forgetful[-1].msg
        assert set(ids(forgetful)) == {"chatdesk.W010"}
    else:
        assert found == []
    assert checks.check_durability(None) == []


@pytest.mark.parametrize("age", [60, None])
def test_kept_connections_under_asgi_are_a_warning(database, settings, age):
    database["CONN_MAX_AGE"] = age
    assert "chatdesk.W006" in ids(checks.check_database(None))
    settings.ASGI_APPLICATION = None
    assert "chatdesk.W006" not in ids(checks.check_database(None))


def test_a_local_cache_is_a_warning_in_production(settings):
    settings.CACHES = {"default": {"BACKEND": checks.LOCAL_CACHE}}
    assert ids(checks.check_cache(None)) == ["chatdesk.W008"]
    settings.DEBUG = True
    assert checks.check_cache(None) == []


def test_a_shared_cache_is_well(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}
    }
    assert checks.check_cache(None) == []


@pytest.mark.parametrize(
    ("installed", "expected"),
    [((4, 2, 1), ["chatdesk.E008"]), ((4, 2, 2), []), ((4, 3), []), ((), [])],
)
def test_a_daphne_with_known_faults_is_an_error(versions, installed, expected):
    versions["daphne"] = installed
    assert ids(checks.check_daphne(None)) == expected


def test_versions_are_read_from_what_is_installed():
    assert checks._version_of("django") >= (5, 2)
    assert checks._version_of("no-such-package") == ()
