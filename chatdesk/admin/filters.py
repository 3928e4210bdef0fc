"""The filters of the list of dialogs; the figures link to them by the same values."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatdesk import clock
from chatdesk.admin import wording
from chatdesk.kpi import facts
from chatdesk.kpi.line import STEPS
from chatdesk.kpi.period import last_days, start_of_day
from chatdesk.kpi.shop import is_about
from chatdesk.models import Conversation, Occasion, Operator
from chatdesk.selectors.regulation import rules_in_force

Rows = QuerySet[Conversation]
Choices = list[tuple[Any, Any]]

NEWEST = 500
LONGEST_REF = 120


class DialogFilter(SimpleListFilter):
    """One choice in the query string; anything else but a choice is refused."""

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        value = self.value()
        if value is None:
            return queryset
        if value not in {str(choice) for choice, _label in self.lookup_choices}:
            raise IncorrectLookupParameters
        return queryset.filter(self.condition(value))

    def has_output(self) -> bool:
        """Return whether to heed it: a value without any choice is refused, too."""
        return self.value() is not None or super().has_output()

    def condition(self, value: str) -> Q:
        """Return the condition of the rows that a choice stands for."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """The choice in force in words, empty when there is none."""
        labels = {str(key): str(label) for key, label in self.lookup_choices}
        return labels.get(self.value() or "", "")


class PeriodFilter(DialogFilter):
    """Begun today, in the last days, or on one day given as a date."""

    title = _("period")
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        choices: Choices = [
            ("1", _("Today")),
            ("7", _("Last 7 days")),
            ("30", _("Last 30 days")),
        ]
        if (day := self._day()) is not None:
            choices.append((day.isoformat(), wording.day(day)))
        return choices

    def condition(self, value: str) -> Q:
        if (day := self._day()) is not None:
            start, end = start_of_day(day), start_of_day(day + timedelta(days=1))
        else:
            period = last_days(int(value), at=clock.now())
            start, end = period.start, period.end
        return Q(first_message_at__gte=start, first_message_at__lt=end)

    def _day(self) -> date | None:
        try:
            day = date.fromisoformat(self.value() or "")
        except ValueError:
            return None
        return day if date(2000, 1, 1) <= day < date(9000, 1, 1) else None


class StatusFilter(DialogFilter):
    """Where the dialog stands now."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        status = Conversation.Status
        return [(each.value, each.label) for each in status if each != status.NEW]

    def condition(self, value: str) -> Q:
        return Q(status=value)


class OperatorFilter(DialogFilter):
    """Who leads the dialog or led it last."""

    title = _("operator")
    parameter_name = "operator"
    field = "operator_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        rows = Operator.objects.order_by("-is_active", "name")
        return [("none", _("Nobody")), *rows.values_list("pk", "name")]

    def condition(self, value: str) -> Q:
        return Q(**{self.field: None if value == "none" else int(value)})


class AnswererFilter(OperatorFilter):
    """Who answered first; the operators' figures link here, so it has no menu."""

    title = _("first answered by")
    parameter_name = "answered_by"
    field = "first_answered_by_id"

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())


class SpeedFilter(DialogFilter):
    """How fast the first answer of a person came."""

    title = _("first reply")
    parameter_name = "reply"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        goal = f"{rules_in_force().goal_s:g}"
        limit = f"{rules_in_force().limit_s:g}"
        limits = {"goal": goal, "limit": limit}
        return [
            ("goal", _("Within %(goal)s s") % limits),
            ("slow", _("%(goal)s to %(limit)s s") % limits),
            ("late", _("Over %(limit)s s") % limits),
            ("missed", _("Missed")),
            ("over", _("Over %(limit)s s or missed") % limits),
            ("answered", _("Answered by a person")),
            ("offline", _("Nobody was online")),
        ]

    def condition(self, value: str) -> Q:
        at = clock.now()
        conditions = {
            "goal": facts.is_within_goal(),
            "slow": facts.is_slow(),
            "late": facts.is_late(),
            "missed": facts.is_missed(at=at),
            "over": facts.is_over_limit(at=at),
            "answered": facts.is_answered(),
            "offline": ~facts.is_online(),
        }
        return conditions[value]


class OutcomeFilter(DialogFilter):
    """How the dialog ended, as the operator said."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [*Conversation.Outcome.choices, ("none", _("Ended by the visitor"))]

    def condition(self, value: str) -> Q:
        if value == "none":
            return Q(outcome="", status=Conversation.Status.CLOSED)
        return Q(outcome=value)


class ThumbFilter(DialogFilter):
    """What the visitor thought of it."""

    title = _("rating")
    parameter_name = "thumb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("up", _("Liked")),
            ("down", _("Disliked")),
            ("rated", _("Rated")),
        ]

    def condition(self, value: str) -> Q:
        conditions = {
            "up": facts.is_liked(),
            "down": facts.is_disliked(),
            "rated": facts.is_rated(),
        }
        return conditions[value]


class RepeatFilter(DialogFilter):
    """Those whose visitor had asked not long before; the figure links here."""

    title = _("visitor")
    parameter_name = "contact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("again", _("Asked again")), ("first", _("Asked for the first time"))]

    def condition(self, value: str) -> Q:
        return facts.is_repeat() if value == "again" else ~facts.is_repeat()


class LeftFilter(DialogFilter):
    """Those whom nobody answered in time: to be written to, or seen to since."""

    title = _("left without an answer")
    parameter_name = "left"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("open", _("To be followed up")),
            ("done", _("Followed up")),
            ("all", _("All of them")),
        ]

    def condition(self, value: str) -> Q:
        conditions = {
            "open": Q(left_at__isnull=False, followed_at__isnull=True),
            "done": Q(left_at__isnull=False, followed_at__isnull=False),
            "all": Q(left_at__isnull=False),
        }
        return conditions[value]


class LadderFilter(DialogFilter):
    """What was done for a question that nobody answered; figures link here."""

    title = _("nobody answered in time")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("held", _("Holding text sent")),
            ("passed_on", _("Passed on")),
            ("rescued", _("Contact asked for")),
        ]

    def condition(self, value: str) -> Q:
        return STEPS[value]


class CountryFilter(DialogFilter):
    """Where the visitor asked from, by his address."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        # Those of late: all there ever were would be looked for in every dialog.
        newest = Occasion.objects.exclude(country="").order_by("-pk")
        known = set(newest.values_list("country", flat=True)[:NEWEST])
        chosen = self.value() or ""
        if len(chosen) == 2 and chosen.isascii() and chosen.isupper():
            known.add(chosen)
        return [(code, code) for code in sorted(known)]

    def condition(self, value: str) -> Q:
        return Q(occasion__country=value)


class ProductFilter(DialogFilter):
    """Dialogs about one product; the shop's report links here, so it has no menu."""

    title = _("product")
    parameter_name = "product"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        ref = self.value() or ""
        return [(ref, ref)] if 0 < len(ref) <= LONGEST_REF and "\0" not in ref else []

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    def condition(self, value: str) -> Q:
        return is_about(value)


FILTERS = (
    PeriodFilter,
    OperatorFilter,
    SpeedFilter,
    OutcomeFilter,
    ThumbFilter,
    RepeatFilter,
    LadderFilter,
    LeftFilter,
    StatusFilter,
    CountryFilter,
    AnswererFilter,
    ProductFilter,
)
