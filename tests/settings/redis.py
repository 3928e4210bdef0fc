"""The default host on a real Valkey or Redis: TEST_REDIS_URL, or one of our own."""

import os

from tests.services.process import url_of
from tests.services.valkey import run_valkey
from tests.settings.default import *

REDIS_URL = url_of("TEST_REDIS_URL", run_valkey)

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            # Without socket_timeout None redis-py 8 closes every idle subscription.
            "hosts": [{"address": REDIS_URL, "socket_timeout": None}],
            # The workers of one run share the server and must not hear each other.
            "prefix": "chatdesk-" + os.environ.get("PYTEST_XDIST_WORKER", "main"),
        },
    },
}
