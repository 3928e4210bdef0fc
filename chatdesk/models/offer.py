"""An order that an operator proposes in a dialog and the visitor may confirm."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Offer(models.Model):
    """What was proposed, and the shop's order that came of it; no foreign key to it.

    ``lines`` are product references with quantities; prices are the shop's when asked.
    ``total`` is what the operator saw when he proposed it.
    """

    class State(models.TextChoices):
        """Where a proposal stands; each change is an entry of the log."""

        PROPOSED = "proposed", _("waits for the visitor")
        CONFIRMED = "confirmed", _("ordered")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    conversation = models.ForeignKey(
        "chatdesk.Conversation",
        verbose_name=_("dialog"),
        on_delete=models.CASCADE,
        related_name="offers",
    )
    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.PROTECT,
        related_name="offers",
    )
    lines = models.JSONField(default=list)
    delivery = models.CharField(max_length=60, blank=True)
    coupon = models.CharField(max_length=60, blank=True)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PROPOSED
    )
    order_reference = models.CharField(
        _("order of the shop"), max_length=120, blank=True
    )
    order_number = models.CharField(_("order number"), max_length=60, blank=True)
    proposed_at = models.DateTimeField(_("proposed"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposed order")
        verbose_name_plural = _("proposed orders")
        indexes = [
            models.Index(
                fields=["order_reference"],
                condition=~models.Q(order_reference=""),
                name="chatdesk_offer_order",
            ),
        ]

    def __str__(self) -> str:
        return self.order_number or self.public_id.hex

    @property
    def is_proposed(self) -> bool:
        """Whether the visitor may still confirm it."""
        return self.state == self.State.PROPOSED
