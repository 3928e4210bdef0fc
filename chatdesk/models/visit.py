"""The visit: where somebody came from, what he looked at, what befell him there."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Visit(models.Model):
    """One stay on the shop's site; a pause of half an hour begins another.

    ``key`` is a digest of what the browser sends anyway. It is empty once the visit may
    no longer be continued; one that was only guessed loses it after half an hour, and
    with it all that ties the row to a person. Every text is a stranger's.
    """

    class Source(models.TextChoices):
        """How the landing page was reached."""

        SEARCH = "search", _("search engine")
        AD = "ad", _("advertisement")
        SOCIAL = "social", _("social network")
        MAIL = "mail", _("e-mail")
        CAMPAIGN = "campaign", _("campaign")
        SITE = "site", _("other site")
        DIRECT = "direct", _("direct")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    visitor = models.ForeignKey(
        "chatdesk.Visitor",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="visits",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="chatdesk_visits",
    )
    begun_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(db_index=True)
    left_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)
    earlier = models.PositiveIntegerField(default=0)

    landing_path = models.CharField(max_length=300, blank=True)
    landing_title = models.CharField(max_length=200, blank=True)
    source = models.CharField(
        max_length=10, choices=Source.choices, default=Source.DIRECT
    )
    source_name = models.CharField(max_length=80, blank=True)
    phrase = models.CharField(max_length=200, blank=True)
    referrer = models.CharField(max_length=300, blank=True)
    campaign = models.JSONField(default=dict, blank=True)
    first_source = models.CharField(max_length=10, blank=True)
    first_source_name = models.CharField(max_length=80, blank=True)

    address = models.CharField(max_length=45, blank=True)
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=100, blank=True)
    zone = models.CharField(max_length=50, blank=True)
    device = models.CharField(max_length=10, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    system = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=35, blank=True)

    page_kind = models.CharField(max_length=20, blank=True)
    page_ref = models.CharField(max_length=100, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    page_path = models.CharField(max_length=300, blank=True)
    page_at = models.DateTimeField(null=True, blank=True)

    cart_total = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    cart_currency = models.CharField(max_length=3, blank=True)
    cart_pieces = models.PositiveIntegerField(default=0)
    idle_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [
            models.Index(
                fields=["idle_at"],
                condition=models.Q(idle_at__isnull=False),
                name="chatdesk_visit_idle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class VisitPage(models.Model):
    """One page of a visit, named as the shop's view named it, else by its title."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="path")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, blank=True)
    ref = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300)
    visible_s = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("page of a visit")
        verbose_name_plural = _("pages of a visit")
        indexes = [models.Index(fields=["visit", "at"], name="chatdesk_page_visit")]

    def __str__(self) -> str:
        return self.title or self.path


class ShopEvent(models.Model):
    """A fact of a visit that an offer of help may follow.

    ``ref`` and ``title`` name the object, ``words`` what was searched or which variant
    is missing, ``number`` hits or times; ``data`` never holds what somebody typed into
    a form, only the names of its fields.
    """

    class Kind(models.TextChoices):
        """What happened."""

        SEARCHED = "searched", _("searched in the shop")
        FOUND_NOTHING = "found_nothing", _("searched and found nothing")
        SEEN_AGAIN = "seen_again", _("looked at the same product again")
        SOLD_OUT = "sold_out", _("wanted what is sold out")
        FORM_ERROR = "form_error", _("was stopped at the checkout")
        DECLINED = "declined", _("payment was declined")
        IDLE_CART = "idle_cart", _("left a full cart idle")
        ORDERED = "ordered", _("placed an order")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    ref = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=200, blank=True)
    number = models.IntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("event in the shop")
        verbose_name_plural = _("events in the shop")
        indexes = [
            models.Index(fields=["visit", "at"], name="chatdesk_event_visit"),
            models.Index(fields=["kind", "at"], name="chatdesk_event_kind"),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)


class Occasion(models.Model):
    """What a visitor looked at when a dialog began: where, after which search.

    It keeps words of its own, so that the reports outlive the visit.
    """

    conversation = models.OneToOneField(
        "chatdesk.Conversation", on_delete=models.CASCADE, related_name="occasion"
    )
    visit = models.ForeignKey(
        Visit,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="occasions",
    )
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=20, blank=True)
    ref = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300, blank=True)
    searched = models.CharField(max_length=200, blank=True)
    hits = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=10, blank=True)
    source_name = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        verbose_name = _("occasion of a dialog")
        verbose_name_plural = _("occasions of dialogs")
        indexes = [models.Index(fields=["kind", "ref"], name="chatdesk_occasion_ref")]

    def __str__(self) -> str:
        return self.title or self.path
