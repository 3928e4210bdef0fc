"""The demo shop under test: its own settings, with nothing left outside the test."""

import os

from tests.services.files import run_folder

FOLDER = run_folder()

# Read by the shop's settings, which are taken over below.
os.environ["SHOP_VAR"] = str(FOLDER)
for _variable in ("DATABASE_URL", "REDIS_URL", "EMAIL_HOST"):
    os.environ.pop(_variable, None)

from shop_demo.settings import *  # noqa: E402 - after its environment is there

DATABASES["default"]["TEST"] = {"NAME": FOLDER / "test-shop.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Fast.

# A test that watches visits says so, and writes them itself.
CHATDESK = {**CHATDESK, "TRACKING": "off"}
