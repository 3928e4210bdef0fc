"""Tells managers by mail that nobody is at the desk, or that somebody has not come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.mail.presence import Order, compose_absence, compose_uncovered
from chatdesk.models import Effect, Operator, PresencePeriod, Shift
from chatdesk.selectors.availability import is_anyone_online
from chatdesk.selectors.hours import get_timetable
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.senders.smtp import send_mail
from chatdesk.services.alerts import staff_addresses
from chatdesk.services.effects import Kind, NotNeeded, Promise, promise_effects

UNCOVERED = "uncovered:"
ABSENT = "absent:"
LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Gap:
    """Working time in which nobody is online, so far."""

    since: datetime


def promise_presence_alerts(*, at: datetime) -> int:
    """Promise what is to be told of an empty desk now, each thing once.

    Nobody online in working time for ``UNCOVERED_AFTER``, and each shift to which its
    operator has not come for as long. A shop without hours promises visitors nothing,
    so there only shifts count. Returns how many are due, told of or not.
    """
    after = get_settings().uncovered_after
    if not after or not get_settings().mail_presence_alerts:
        return 0
    keys = [f"{ABSENT}{pk}" for pk in _absent(at).values_list("pk", flat=True)]
    gap = find_gap(at=at)
    if gap is not None and at - gap.since >= after:
        keys.append(f"{UNCOVERED}{gap.since.isoformat()}")
    told = Effect.objects.filter(key__in=keys).values_list("key", flat=True)
    fresh = set(keys) - set(told) if keys else set()
    promises = [Promise(Kind.PRESENCE_ALERT, None, key, at) for key in sorted(fresh)]
    promise_effects(promises, at=at)
    return len(keys)


def find_gap(*, at: datetime) -> Gap | None:
    """Return since when nobody is online in the working time that runs now."""
    timetable = get_timetable()
    if timetable.is_always_open or not timetable.is_open(at) or is_anyone_online(at=at):
        return None
    *_, (opened, _end) = timetable.intervals(at - LOOK_BACK, at + timedelta(seconds=1))
    online = PresencePeriod.objects.filter(state=Operator.Status.ONLINE)
    latest = online.order_by("-from_at").first()
    if latest is not None and latest.to_at is None:
        return None  # Who fell silent is about to be noted, with his last heartbeat.
    last = online.order_by("-to_at").values_list("to_at", flat=True).first()
    # Work that goes on for longer than we look back began at no moment worth a name.
    began = opened if opened > at - LOOK_BACK else None
    known = [each for each in (began, last) if each is not None]
    return Gap(max(known)) if known else None


def send_presence_alert(effect: Effect) -> None:
    """Write to the managers; raises ``NotNeeded`` when somebody has come meanwhile."""
    if not get_settings().mail_presence_alerts:
        raise NotNeeded("Alerts of an empty desk are switched off.")
    at = clock.now()
    to = staff_addresses(None)
    if not to:
        raise NotNeeded("Neither managers nor ALERT_EMAILS have an address.")
    order = Order(effect, to, get_storefront())
    if effect.key.startswith(UNCOVERED):
        since = datetime.fromisoformat(effect.key.removeprefix(UNCOVERED))
        gap = find_gap(at=at)
        if gap is None or gap.since != since:
            raise NotNeeded("Somebody is online, or the shop has closed.")
        planned = list(_running(at))
        mail = compose_uncovered(order=order, since=since, planned=planned)
    else:
        shift = _absent(at).filter(pk=int(effect.key.removeprefix(ABSENT))).first()
        if shift is None:
            raise NotNeeded("The operator has come, or the shift is over.")
        mail = compose_absence(order=order, shift=shift)
    send_mail(mail)


def _running(at: datetime) -> QuerySet[Shift]:
    shifts = Shift.objects.filter(begins_at__lte=at, ends_at__gt=at)
    return shifts.select_related("operator").order_by("begins_at", "pk")


def _absent(at: datetime) -> QuerySet[Shift]:
    """Return the shifts that have run for a while and saw nothing of their operator."""
    here = PresencePeriod.objects.filter(
        Q(to_at=None) | Q(to_at__gt=OuterRef("begins_at")),
        operator=OuterRef("operator"),
        from_at__lt=OuterRef("ends_at"),
    ).exclude(state=Operator.Status.OFFLINE)
    late = _running(at).filter(begins_at__lte=at - get_settings().uncovered_after)
    return late.filter(~Exists(here), operator__is_active=True)
