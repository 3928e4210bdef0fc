"""The host that the fault bench breaks: set up as docs/operations.md tells a shop.

Where the servers are, and where mails are written down, comes from the bench.
"""

import os
from datetime import timedelta

from psycopg.conninfo import conninfo_to_dict

from chatdesk.schedule import beat_schedule
from tests.settings.default import *

FAULTS_FOLDER = Path(os.environ["FAULTS_FOLDER"])
# The name of a build that is broken on purpose, or nothing.
FAULTS_BROKEN = os.environ.get("FAULTS_BROKEN", "")

ASGI_APPLICATION = "tests.faults.asgi.application"

_parts = conninfo_to_dict(os.environ["FAULTS_DATABASE"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts["dbname"],
        "USER": _parts["user"],
        "HOST": _parts["host"],
        "PORT": _parts.get("port", ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 10}},
    },
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": os.environ.get(
            "FAULTS_LAYER", "channels_redis.pubsub.RedisPubSubChannelLayer"
        ),
        "CONFIG": {
            "hosts": [{"address": os.environ["FAULTS_REDIS"], "socket_timeout": None}],
        },
    },
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["FAULTS_REDIS"],
    },
}

EMAIL_BACKEND = "tests.faults.mailbox.Mailbox"

CHATDESK = {
    # Alerts fall due while a round lasts, and clients notice a silent server in it.
    # Their entries ring for all that was lost before, which one build must not get.
    "LIMIT": timedelta(seconds=60 if FAULTS_BROKEN == "no_head_poll" else 4),
    "BEAT": timedelta(seconds=2),
    # Who leads a dialog answers when it pleases the seed; nobody else shall get it.
    "PASS_ON": False,
    "SUPERVISORS_AFTER": timedelta(),
    "RESCUE_AFTER": timedelta(),
    "LEFT_AFTER": timedelta(),
    "SITE_URL": "https://shop.example",
    "ALERT_EMAILS": ("owner@shop.example",),
    "MESSAGE_RATE": "1000/s",
    "FRAME_RATE": "1000/s",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

if os.environ.get("FAULTS_CELERY"):
    # Workers and a beat do what is due, and web processes do not.
    CHATDESK["TICK"] = False
    CELERY_BROKER_URL = os.environ["FAULTS_REDIS"]
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
    CELERY_BEAT_SCHEDULE = {**beat_schedule()}
    CELERY_WORKER_HIJACK_ROOT_LOGGER = False
