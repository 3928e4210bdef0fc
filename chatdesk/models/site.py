"""The storefront: a shop's name, look and texts in the widget."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Storefront(models.Model):
    """One shop front with a widget; most shops have exactly one."""

    key = models.SlugField(_("key"), unique=True, default="default")
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    topic = models.CharField(
        _("topic"),
        max_length=120,
        blank=True,
        help_text=_("What visitors may ask about, as in “Ask us anything about …”."),
    )
    chips = models.JSONField(
        _("suggestions"),
        default=list,
        blank=True,
        help_text=_("Up to four short questions that fill the message field."),
    )
    sneak_peek = models.BooleanField(
        _("sneak peek"),
        default=True,
        help_text=_("Operators see what a visitor types before it is sent."),
    )

    holding_text = models.TextField(
        _("holding text"),
        max_length=400,
        blank=True,
        help_text=_(
            "Sent by itself when nobody answers in time, marked as automatic. "
            "Empty means our own words in the visitor's language."
        ),
    )
    rescue_text = models.TextField(
        _("rescue text"),
        max_length=400,
        blank=True,
        help_text=_(
            "Sent by itself after a longer wait, with the offer to leave a contact. "
            "Empty means our own words in the visitor's language."
        ),
    )
    farewell_text = models.TextField(
        _("farewell text"),
        max_length=400,
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "Sent by itself to a visitor who is silent for long, before the dialog "
            "is closed. Empty means our own words in the visitor's language."
        ),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text=_("In which the working hours are meant; else that of the site."),
    )

    class Meta:
        verbose_name = _("storefront")
        verbose_name_plural = _("storefronts")

    def __str__(self) -> str:
        return self.name
