"""Canned replies: prepared answers, shared or an operator's own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CannedReply(models.Model):
    """A prepared answer; ``{name}`` and ``{operator}`` are filled in."""

    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="canned_replies",
        help_text=_("Empty means that everybody may use it."),
    )
    shortcut = models.SlugField(_("shortcut"), max_length=40, allow_unicode=True)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=4000)
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        help_text=_("Empty means every language."),
    )

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "shortcut", "language"],
                name="chatdesk_canned_own",
            ),
            models.UniqueConstraint(
                fields=["shortcut", "language"],
                condition=models.Q(operator__isnull=True),
                name="chatdesk_canned_shared",
            ),
        ]

    def __str__(self) -> str:
        return self.title
