"""What a visitor wants to be told of once the shop has it again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StockWish(models.Model):
    """A sold out product of a card; ``look_at`` is when the shop is asked next.

    The product is named by the shop's reference; no foreign key to it.
    """

    conversation = models.ForeignKey(
        "chatdesk.Conversation",
        verbose_name=_("dialog"),
        on_delete=models.CASCADE,
        related_name="wishes",
    )
    product = models.CharField(_("product"), max_length=120)
    asked_at = models.DateTimeField(_("asked at"))
    look_at = models.DateTimeField(editable=False)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("wish for a sold out product")
        verbose_name_plural = _("wishes for sold out products")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "product"],
                condition=models.Q(told_at__isnull=True),
                name="chatdesk_one_wish",
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_at"],
                condition=models.Q(told_at__isnull=True),
                name="chatdesk_wish_due",
            ),
        ]

    def __str__(self) -> str:
        return self.product
