"""The ASGI entry of the host that the fault bench breaks, whole or broken."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from chatdesk.routing import wrap

application = wrap(get_asgi_application())

from tests.faults.broken import apply_broken  # noqa: E402 - needs Django set up
from tests.faults.newer import grow_newer  # noqa: E402 - as above
from tests.faults.wrong_clock import follow_clock  # noqa: E402 - as above

follow_clock(os.environ.get("FAULTS_CLOCK", ""))
grow_newer(os.environ.get("FAULTS_NEWER", ""))
apply_broken(settings.FAULTS_BROKEN)
