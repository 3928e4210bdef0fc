"""The host's settings: one process and files by default, servers by environment.

Nothing set: SQLite, an in-memory channel layer, Celery inside the process and mail
in a folder. ``DATABASE_URL`` and ``REDIS_URL`` switch to PostgreSQL and Redis,
``EMAIL_HOST`` to a mail server; no code changes.
"""

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chatdesk.schedule import beat_schedule
from shop_demo.environment import read_database_url, read_list, read_switch

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("SHOP_VAR") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")
PORT = os.environ.get("PORT") or "8000"

SECRET_KEY = os.environ.get("SECRET_KEY") or "only-for-the-demo-on-your-own-machine"
DEBUG = read_switch(os.environ.get("SHOP_DEBUG", "on"))
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "testserver",
    *read_list(os.environ.get("SHOP_ALLOWED_HOSTS", "")),
]


# Applications

INSTALLED_APPS = [
    # First, so that runserver serves sockets too.
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "chatdesk",
    "shop_demo",
]
MIDDLEWARE = [
    "chatdesk.middleware.VisitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "shop_demo.urls"
ASGI_APPLICATION = "shop_demo.asgi.application"
WSGI_APPLICATION = "shop_demo.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop_demo.context.shop",
            ],
        },
    },
]


# Storage and messaging

# Writers take SQLite's lock at the start of a transaction, so that two of them
# queue for it instead of failing half-way.
EMBEDDED_DATABASE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR_DIR / "demo.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
DATABASES = {
    "default": read_database_url(DATABASE_URL) if DATABASE_URL else EMBEDDED_DATABASE,
}

CHANNEL_LAYERS: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                # A subscriber waits for as long as nothing happens.
                "hosts": [{"address": REDIS_URL, "socket_timeout": None}],
                "prefix": "chatdesk",
            },
        },
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "shop",
        },
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
else:
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "chatdesk.embedded.layer.LoopSafeInMemoryChannelLayer"},
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CELERY_BROKER_URL = "memory://"
    # The memory broker looks for work once a second otherwise.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.02}
CELERY_TASK_IGNORE_RESULT = True
CELERY_BEAT_SCHEDULE = {**beat_schedule()}


# Mail

DEFAULT_FROM_EMAIL = "Northbrew <hello@northbrew.example>"
if os.environ.get("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "outbox"


# Language and time

USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "shop_demo" / "locale"]


# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"


# Accounts

LOGIN_URL = "shop:login"
LOGIN_REDIRECT_URL = "shop:orders"
LOGOUT_REDIRECT_URL = "shop:home"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]


# Chat

CHATDESK = {
    "SITE_URL": os.environ.get("SHOP_SITE_URL") or f"http://localhost:{PORT}",
    "SITE_NAME": "Northbrew",
    "SHOP_ADAPTER": "shop_demo.chat.NorthbrewAdapter",
}


# What went wrong, and nothing else

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Refusals and missing pages are answers, not faults.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
    },
}
