"""A host that runs every request in one transaction."""

from tests.settings.default import *

DATABASES["default"]["ATOMIC_REQUESTS"] = True
