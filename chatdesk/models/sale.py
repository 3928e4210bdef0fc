"""Sales: what the shop told of its orders, and to whom each is credited."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SoldOrder(models.Model):
    """What the shop told of one of its orders; no key of the shop's own tables.

    ``lines`` holds ``ref``, ``group``, ``amount`` and ``cost`` of each line,
    ``refunds`` what each line gave back by the reference of the refund. What has
    happened stays:
    a later, older report never takes a payment or a refund away. ``goods`` is without
    delivery and after discounts. ``is_void``: nothing of it stayed sold.
    """

    reference = models.CharField(
        pgettext_lazy("of the shop", "order"), max_length=120, unique=True
    )
    number = models.CharField(_("number"), max_length=120)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("customer"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    visitor = models.ForeignKey(
        "chatdesk.Visitor",
        verbose_name=_("visitor"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    draft = models.CharField(max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    goods = models.DecimalField(_("goods"), max_digits=14, decimal_places=2)
    lines = models.JSONField(default=list)
    refunds = models.JSONField(default=dict)
    is_void = models.BooleanField(_("cancelled or given back"), default=False)
    placed_at = models.DateTimeField(_("placed"), db_index=True)
    paid_at = models.DateTimeField(_("paid"), null=True)
    changed_at = models.DateTimeField(_("changed"))
    credited_at = models.DateTimeField(_("credited"), null=True)
    is_settled = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("order of the shop")
        verbose_name_plural = _("orders of the shop")
        indexes = [
            models.Index(
                fields=["changed_at"],
                condition=models.Q(is_settled=False),
                name="chatdesk_order_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SaleCredit(models.Model):
    """An operator's part in one order, and why it is his.

    ``parts`` has what of each line is his, by the line's reference; together they are
    ``amount``.
    """

    class Rule(models.TextChoices):
        """How the shop chooses among the dialogs that came before an order."""

        LAST = "last", _("the last dialog")
        FIRST = "first", _("the first dialog")
        SHARED = "shared", _("shared by all who answered")
        LONGEST = "longest", _("the longest dialog")

    class Reason(models.TextChoices):
        """What in the dialog made it this operator's."""

        SPOKE_LAST = "spoke_last", _("answered last")
        SPOKE_FIRST = "spoke_first", _("answered first")
        SPOKE_MOST = "spoke_most", _("answered most")
        CLOSED_AS_SALE = "closed_as_sale", _("closed the dialog as a sale")
        SPOKE = "spoke", _("answered")
        MADE_ORDER = "made_order", _("made the order in the dialog")

    order = models.ForeignKey(
        SoldOrder,
        verbose_name=pgettext_lazy("of the shop", "order"),
        on_delete=models.PROTECT,
        related_name="credits",
    )
    conversation = models.ForeignKey(
        "chatdesk.Conversation",
        verbose_name=_("dialog"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="sale_credits",
    )
    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.PROTECT,
        related_name="sale_credits",
    )
    department = models.ForeignKey(
        "chatdesk.Department",
        verbose_name=_("department"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    parts = models.JSONField(default=dict)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    answered_at = models.DateTimeField(_("latest answer before the order"))
    dialogs = models.PositiveSmallIntegerField(_("dialogs in the window"))
    sharers = models.PositiveSmallIntegerField(_("operators who share"))
    credited_at = models.DateTimeField(_("credited"))

    class Meta:
        verbose_name = _("sale credit")
        verbose_name_plural = _("sale credits")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "operator"], name="chatdesk_credit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.operator}"
