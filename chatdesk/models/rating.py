"""Ratings: the visitor's thumb and, if he likes, a sentence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rating(models.Model):
    """The present rating of a conversation; its history is in the log."""

    class Thumb(models.TextChoices):
        """Like or dislike."""

        UP = "up", _("like")
        DOWN = "down", _("dislike")

    conversation = models.OneToOneField(
        "chatdesk.Conversation", on_delete=models.CASCADE, related_name="rating"
    )
    operator = models.ForeignKey(
        "chatdesk.Operator",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ratings",
    )
    thumb = models.CharField(_("thumb"), max_length=4, choices=Thumb.choices)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    rated_at = models.DateTimeField(_("rated at"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        indexes = [models.Index(fields=["rated_at"], name="chatdesk_rating_at")]

    def __str__(self) -> str:
        return self.get_thumb_display()
