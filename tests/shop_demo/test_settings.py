"""How the host is set by its environment."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from shop_demo.environment import read_database_url, read_list, read_switch
from shop_demo.money import format_money

ROOT = Path(__file__).resolve().parent.parent.parent

PRINT = """
import json
from shop_demo import settings
names = ("DATABASES", "CHANNEL_LAYERS", "CACHES", "CELERY_BROKER_URL",
         "EMAIL_BACKEND", "DEBUG", "ALLOWED_HOSTS")
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def settings_with(tmp_path: Path, **variables: str) -> dict[str, Any]:
    """Return the settings that a process with these variables would have."""
    run = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SHOP_VAR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_nothing_set_needs_no_server(tmp_path: Path) -> None:
    found = settings_with(tmp_path)
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "WAL" in database["OPTIONS"]["init_command"]
    assert found["CELERY_BROKER_URL"] == "memory://"
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["DEBUG"] is True


def test_variables_name_servers(tmp_path: Path) -> None:
    found = settings_with(
        tmp_path,
        DATABASE_URL="postgres://shop:secret@db.example:5433/shop",
        REDIS_URL="redis://cache.example:6379/0",
        EMAIL_HOST="mail.example",
        SHOP_DEBUG="off",
        SHOP_ALLOWED_HOSTS="shop.example, www.shop.example",
    )
    assert found["DATABASES"]["default"]["HOST"] == "db.example"
    assert "CONN_MAX_AGE" not in found["DATABASES"]["default"]
    layer = found["CHANNEL_LAYERS"]["default"]
    assert layer["BACKEND"].endswith("RedisPubSubChannelLayer")
    assert layer["CONFIG"]["hosts"] == [
        {"address": "redis://cache.example:6379/0", "socket_timeout": None}
    ]
    assert found["CACHES"]["default"]["BACKEND"].endswith("RedisCache")
    assert found["CELERY_BROKER_URL"] == "redis://cache.example:6379/0"
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert found["DEBUG"] is False
    assert "www.shop.example" in found["ALLOWED_HOSTS"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://shop:p%40ss@db:5433/northbrew",
            ("northbrew", "shop", "p@ss", "db", "5433"),
        ),
        ("postgresql://shop@db/shop", ("shop", "shop", "", "db", "")),
        (
            "postgres://shop@/shop?host=/run/postgresql&port=5433",
            ("shop", "shop", "", "/run/postgresql", "5433"),
        ),
        (
            "postgres://%2Frun%2Fpostgresql/shop?user=shop&password=x",
            ("shop", "shop", "x", "/run/postgresql", ""),
        ),
        ("postgres:///shop", ("shop", "", "", "", "")),
    ],
)
def test_database_url_is_taken_apart(url: str, expected: tuple[str, ...]) -> None:
    database = read_database_url(url)
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert tuple(database[name] for name in names) == expected
    assert database["OPTIONS"] == {"pool": {"min_size": 2, "max_size": 10}}


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        read_database_url("mysql://root@db/shop")


def test_switches_and_lists() -> None:
    assert [read_switch(word) for word in ("1", "ON", "yes", "0", "", "off")] == [
        *(True, True, True),
        *(False, False, False),
    ]
    assert read_list(" a, ,b ") == ["a", "b"]


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", "1064", "€1,064.00"),
        ("en", "0.5", "€0.50"),
        ("ru", "1064.9", "1\N{NO-BREAK SPACE}064,90\N{NO-BREAK SPACE}€"),
    ],
)
def test_money_is_written_by_language(language: str, amount: str, text: str) -> None:
    with translation.override(language):
        assert format_money(Decimal(amount)) == text
