"""Whether anyone is there and who is in line: one look in 2 s for all who ask."""

import logging

from django.db import DatabaseError, InterfaceError

from chatdesk import clock
from chatdesk.remembered import Remembered
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.line import list_line
from chatdesk.wire.objects import Availability

RECENT_S = 2.0

logger = logging.getLogger(__name__)


def _look() -> Availability:
    try:
        return get_availability(at=clock.now())
    except (DatabaseError, InterfaceError):
        # A page is better told that nobody knows than left without an answer.
        logger.warning("Whether anyone is there could not be asked of the database")
        return Availability(state="unknown")


recent_availability = Remembered(_look, seconds=RECENT_S)


recent_line = Remembered(list_line, seconds=RECENT_S)
