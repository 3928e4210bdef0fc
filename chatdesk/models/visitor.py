"""The visitor: a person as the shop's site knows him, named or not."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Visitor(models.Model):
    """Somebody who wrote at least once, recognised by a cookie or the shop's login."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    storefront = models.ForeignKey(
        "chatdesk.Storefront",
        verbose_name=_("storefront"),
        on_delete=models.PROTECT,
        related_name="visitors",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("customer"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="chatdesk_visitors",
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    page_url = models.CharField(_("page"), max_length=1000, blank=True)
    page_title = models.CharField(_("page title"), max_length=300, blank=True)
    referrer = models.CharField(_("came from"), max_length=1000, blank=True)
    shop_key = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(_("first seen"))
    latest_seen_at = models.DateTimeField(_("latest seen"))

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")

    def __str__(self) -> str:
        return self.name or f"{_('Visitor')} {self.pk}"
