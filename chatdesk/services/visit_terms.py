"""What falls due in visits: carts that rest, names thrown away, old rows deleted."""

from datetime import datetime, timedelta

from django.db import transaction

from chatdesk.conf import get_settings
from chatdesk.insight.browser import BRIEF
from chatdesk.models import ShopEvent, Visit, VisitPage
from chatdesk.services.visit_batch import PAUSE

AT_ONCE = 500


def claim_idle_carts(*, at: datetime) -> int:
    """Record carts that have rested too long; whoever claims one first records it.

    One whose owner has left is no event: nobody is there to be helped.
    """
    due = Visit.objects.filter(idle_at__lte=at).order_by("idle_at")[:AT_ONCE]
    claimed = 0
    for visit in due:
        same = Visit.objects.filter(pk=visit.pk, idle_at=visit.idle_at)
        with transaction.atomic():
            if not same.update(idle_at=None) or visit.left_at is not None:
                continue
            ShopEvent.objects.create(
                visit=visit,
                kind=ShopEvent.Kind.IDLE_CART,
                at=at,
                number=visit.cart_pieces,
                words=f"{visit.cart_total} {visit.cart_currency}".strip(),
            )
            claimed += 1
    return claimed


def forget_visits(*, at: datetime) -> int:
    """Throw away what may be kept no longer; return how many old visits are gone.

    A visit that was only guessed loses its key and its network, so that what is left
    belongs to nobody. One that a dialog came of keeps both until its time is over.
    """
    over = Visit.objects.filter(key__startswith=BRIEF, seen_at__lt=at - PAUSE)
    over.update(key="", address="", referrer="", campaign={})
    oldest = at - max(get_settings().visit_retention, timedelta())
    old = Visit.objects.filter(seen_at__lt=oldest).values_list("pk", flat=True)
    keys = list(old[:AT_ONCE])
    if keys:
        with transaction.atomic():
            VisitPage.objects.filter(visit__in=keys).delete()
            ShopEvent.objects.filter(visit__in=keys).delete()
            Visit.objects.filter(pk__in=keys).delete()
    return len(keys)
