"""The default host on a real PostgreSQL: TEST_DATABASE_URL, or one of our own."""

from functools import partial

from psycopg.conninfo import conninfo_to_dict

from tests.services.postgres import run_postgres
from tests.services.process import url_of
from tests.settings.default import *

_url = url_of("TEST_DATABASE_URL", partial(run_postgres, durable=False))
_parts = conninfo_to_dict(_url)

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts.get("dbname", "postgres"),
        "USER": _parts.get("user", ""),
        "PASSWORD": _parts.get("password", ""),
        "HOST": _parts.get("host", ""),
        "PORT": _parts.get("port", ""),
        "TEST": {"NAME": "test_chatdesk"},
    },
}
