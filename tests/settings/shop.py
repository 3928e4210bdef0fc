"""The demo shop under test: its own settings, with nothing left outside the test."""

from shop_demo.settings import *
from tests.services.files import run_folder

FOLDER = run_folder()

DATABASES["default"]["NAME"] = FOLDER / "shop.sqlite3"
DATABASES["default"]["TEST"] = {"NAME": FOLDER / "test-shop.sqlite3"}
MEDIA_ROOT = FOLDER / "media"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Fast.
