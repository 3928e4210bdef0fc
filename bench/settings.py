"""The host that is measured: chatdesk alone, as a shop would run it."""

import os
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

SECRET_KEY = "a key of the benchmark"  # noqa: S105 - it guards nothing
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
ROOT_URLCONF = "bench.urls"
STATIC_URL = "/static/"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
    "channels",
    "chatdesk",
    "bench.tutorial",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_url = urlsplit(os.environ["BENCH_DATABASE"])
if _url.scheme == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _url.path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _url.path.lstrip("/"),
            "USER": _url.username,
            "HOST": parse_qs(_url.query).get("host", [_url.hostname])[0],
        }
    }

# The tutorial keeps its connection too: reconnecting would make it slower still.
if os.environ.get("BENCH_APPLICATION") == "tutorial":
    DATABASES["default"]["CONN_MAX_AGE"] = None

if os.environ.get("BENCH_REDIS"):
    _backend = (
        "channels_redis.core.RedisChannelLayer"
        if os.environ.get("BENCH_APPLICATION") == "tutorial"
        else "channels_redis.pubsub.RedisPubSubChannelLayer"
    )
    _host = {
        "address": os.environ["BENCH_REDIS"],
        "socket_timeout": None,
        "max_connections": 100_000,
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": _backend, "CONFIG": {"hosts": [_host]}}}
else:
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "chatdesk.embedded.layer.LoopSafeInMemoryChannelLayer"}
    }

# Alerts are promised and cancelled with every question and answer, and none falls due
# while the sockets are being opened.
CHATDESK = {
    "LIMIT": timedelta(hours=1),
    "MESSAGE_RATE": "100000/s",
    "FRAME_RATE": "100000/s",
    "SITE_URL": "http://127.0.0.1",
    "SHORTCUT": os.environ.get("BENCH_SHORTCUT") != "off",
}
LOGGING = {"version": 1, "disable_existing_loggers": True}
SILENCED_SYSTEM_CHECKS = ["chatdesk.W001", "chatdesk.W008"]
