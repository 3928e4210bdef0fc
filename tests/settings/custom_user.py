"""A host whose people sign in with an e-mail address and have no username."""

from tests.settings.default import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.accounts"]
AUTH_USER_MODEL = "accounts.Account"
