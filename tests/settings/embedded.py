"""A host with the stock layer, run by one command in a folder of its own."""

import os
from pathlib import Path

from tests.settings.default import *

FOLDER = Path(os.environ["EMBEDDED_FOLDER"])

DATABASES["default"]["NAME"] = FOLDER / "embedded.sqlite3"
DEBUG = True  # The stock layer is for development; the command replaces it.
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CHATDESK = {"SITE_URL": "https://shop.example"}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = FOLDER / "outbox"
