"""A host that configures no Celery broker, no channel layer, no OpenAPI."""

from tests.settings.default import *

INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if app not in {"daphne", "channels", "drf_spectacular"}
]
REST_FRAMEWORK = {}
CHANNEL_LAYERS = {}
CELERY_BROKER_URL = ""
