"""Working hours of a shop and its departments, and the shifts of its operators."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chatdesk.timetable import Span


class Weekday(models.IntegerChoices):
    """The days of the week as Python numbers them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Period(models.Model):
    """From one time of day to another; past midnight only if that is said."""

    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"))
    next_day = models.BooleanField(
        _("until the next day"),
        default=False,
        help_text=_("The work goes on past midnight."),
    )

    class Meta:
        abstract = True

    @property
    def span(self) -> Span:
        """The period as minutes of its day."""
        return Span.between(self.opens, self.closes, next_day=self.next_day)

    def clean(self) -> None:
        """Refuse an end before the beginning, and more than a day at once."""
        given = [self.opens, self.closes]
        if None in given:
            return
        if not self.next_day and self.closes <= self.opens:
            raise ValidationError(
                {
                    "closes": _(
                        "The end is not after the beginning. If the work goes on past "
                        "midnight, tick “until the next day”."
                    )
                }
            )
        if self.next_day and self.closes > self.opens:
            raise ValidationError({"closes": _("This is more than 24 hours.")})


class OpeningHours(Period):
    """One period of one weekday; the gap between two is the lunch.

    A department without rows of its own keeps the hours of the shop, and a shop
    without any is always open.
    """

    storefront = models.ForeignKey(
        "chatdesk.Storefront",
        verbose_name=_("storefront"),
        on_delete=models.CASCADE,
        related_name="opening_hours",
    )
    department = models.ForeignKey(
        "chatdesk.Department",
        verbose_name=_("department"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="opening_hours",
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="chatdesk_hours_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class SpecialDay(models.Model):
    """A date with hours of its own, or closed when it has none.

    ``by_hand`` marks the day that somebody closed with one click: it goes before all
    else, and opening again removes it and leaves the rest as it was.
    """

    storefront = models.ForeignKey(
        "chatdesk.Storefront",
        verbose_name=_("storefront"),
        on_delete=models.CASCADE,
        related_name="special_days",
    )
    department = models.ForeignKey(
        "chatdesk.Department",
        verbose_name=_("department"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="special_days",
    )
    date = models.DateField(_("date"))
    name = models.CharField(
        pgettext_lazy("of a thing", "name"), max_length=120, blank=True
    )
    spans = models.JSONField(_("hours"), default=list, blank=True)
    by_hand = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ("date",)
        constraints = [
            models.UniqueConstraint(
                fields=["storefront", "date", "by_hand"],
                condition=models.Q(department=None),
                name="chatdesk_one_special_day",
            ),
            models.UniqueConstraint(
                fields=["storefront", "department", "date", "by_hand"],
                name="chatdesk_one_special_day_of_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"

    @property
    def hours(self) -> tuple[Span, ...]:
        """The periods of this date, none when it is closed."""
        return tuple(Span(begin, end) for begin, end in self.spans)


class Shift(models.Model):
    """When an operator is to be at the desk."""

    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.CASCADE,
        related_name="shifts",
    )
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_responsible = models.BooleanField(
        _("answers for the shift"),
        default=False,
        help_text=_("The named person whom the shop asks about this time."),
    )

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ("begins_at", "operator")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")),
                name="chatdesk_shift_has_length",
            ),
        ]
        indexes = [
            models.Index(fields=["begins_at"], name="chatdesk_shift_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.operator} {self.begins_at:%Y-%m-%d %H:%M}"
