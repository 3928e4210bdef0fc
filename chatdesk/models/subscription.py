"""Subscriptions: browsers of operators that may be called while no page is open."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.models.operator import Operator

ENDPOINT_LENGTH = 600


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    """Named slices of the subscriptions."""

    def reachable(self) -> "PushSubscriptionQuerySet":
        """Return those that a push reached lately, or that are new."""
        return self.filter(failures__lt=PushSubscription.UNREACHABLE_AFTER)


class PushSubscription(models.Model):
    """One browser of an operator, by the address its push service gave it.

    The keys are the browser's: only it can read what is sent there. ``login`` is a
    mark of the session that made it, by which signing out ends it; ``stamp`` is one of
    the password of that time, by which a new one does.
    """

    UNREACHABLE_AFTER = 3

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(
        Operator,
        verbose_name=_("operator"),
        on_delete=models.CASCADE,
        related_name="push_subscriptions",
    )
    endpoint = models.CharField(_("address"), max_length=ENDPOINT_LENGTH, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    login = models.CharField(max_length=64, blank=True)
    stamp = models.CharField(max_length=64, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    subscribed_at = models.DateTimeField(_("subscribed"))
    reached_at = models.DateTimeField(_("reached"), null=True, blank=True)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self) -> str:
        return f"{self.operator_id} {self.public_id.hex}"
