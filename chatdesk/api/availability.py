"""Whether anyone is there, for every page of the shop that asks: one look in 2 s."""

from django.utils import timezone

from chatdesk.remembered import Remembered
from chatdesk.selectors.availability import get_availability
from chatdesk.wire.objects import Availability

RECENT_S = 2.0


def _look() -> Availability:
    return get_availability(at=timezone.now())


recent_availability = Remembered(_look, seconds=RECENT_S)
