"""Forms of the working hours: a week of periods, a special day, a year of holidays."""

import re
from datetime import time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chatdesk import clock
from chatdesk.models import Weekday
from chatdesk.selectors.holidays import COUNTRIES
from chatdesk.timetable import DAY_MINUTES, Span

PERIODS = 3
LONGEST_NAME = 120
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")


class WeekForm(forms.Form):
    """Seven days of up to three periods; each error stands at its own field."""

    def __init__(self, *args: Any, week: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week = week or ((),) * 7
        for weekday in Weekday:
            for index in range(PERIODS):
                spans = week[weekday]
                span = spans[index] if index < len(spans) else None
                self._add(f"{weekday.value}_{index}", weekday, span)

    def _add(self, name: str, weekday: Weekday, span: Span | None) -> None:
        for part, label in (("from", _("from")), ("to", _("to"))):
            attrs = {"type": "time", "aria-label": f"{weekday.label}: {label}"}
            self.fields[f"{part}_{name}"] = forms.TimeField(
                required=False,
                initial=None if span is None else _clock(span, part),
                widget=forms.TimeInput(attrs=attrs, format="%H:%M"),
            )
        self.fields[f"next_{name}"] = forms.BooleanField(
            required=False,
            initial=span is not None and span.end >= DAY_MINUTES,
            label=_("until the next day"),
        )

    def days(self) -> list[tuple[str, list[tuple[Any, Any, Any]]]]:
        """Return the weekdays with the bound fields of their periods."""
        return [
            (
                str(weekday.label),
                [
                    (
                        self[f"from_{weekday.value}_{index}"],
                        self[f"to_{weekday.value}_{index}"],
                        self[f"next_{weekday.value}_{index}"],
                    )
                    for index in range(PERIODS)
                ],
            )
            for weekday in Weekday
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse what ends before it begins and what overlaps, where it was entered."""
        data = super().clean() or self.cleaned_data
        week: list[list[Span]] = []
        placed: list[tuple[Span, str]] = []
        for weekday in Weekday:
            spans = []
            for index in range(PERIODS):
                name = f"{weekday.value}_{index}"
                span = self._read(name, data)
                if span is None:
                    continue
                spans.append(span)
                placed.append((span.later(weekday.value * DAY_MINUTES), name))
            week.append(spans)
        self._refuse_overlaps(placed)
        data["week"] = week
        return data

    def _read(self, name: str, data: dict[str, Any]) -> Span | None:
        opens, closes = data.get(f"from_{name}"), data.get(f"to_{name}")
        next_day = bool(data.get(f"next_{name}"))
        if opens is None and closes is None:
            return None
        if opens is None or closes is None:
            missing = "from" if opens is None else "to"
            if f"{missing}_{name}" not in self.errors:
                self.add_error(f"{missing}_{name}", _("This half is missing."))
            return None
        wrong = _wrong_end(opens, closes, next_day=next_day)
        if wrong:
            self.add_error(f"to_{name}", wrong)
            return None
        return Span.between(opens, closes, next_day=next_day)

    def _refuse_overlaps(self, placed: list[tuple[Span, str]]) -> None:
        # Sunday's night runs into Monday of the same week.
        week = 7 * DAY_MINUTES
        for index, (span, name) in enumerate(placed):
            others = [
                other.later(shift)
                for other, _name in placed[:index]
                for shift in (0, week, -week)
            ]
            if any(span.overlaps(other) for other in others):
                self.add_error(f"from_{name}", _("This overlaps with another period."))


class SpansField(forms.CharField):
    """Periods of one day as people write them: 10:00-14:00, 15:00-18:00."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return ()
        spans = []
        for part in re.split(r"[,;]", text):
            found = _PERIOD.fullmatch(part.strip())
            if not found:
                raise forms.ValidationError(
                    _("“%(text)s” is not a period such as 10:00-18:00."),
                    params={"text": part.strip()},
                )
            spans.append(_span_of(*map(int, found.groups())))
        ordered = sorted(spans)
        for index, span in enumerate(ordered[1:]):
            if span.overlaps(ordered[index]):
                raise forms.ValidationError(_("The periods overlap."))
        return tuple(ordered)


class SpecialDayForm(forms.Form):
    """One date, closed when no hours are given."""

    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"})
    )
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=LONGEST_NAME,
        required=False,
    )
    spans = SpansField(
        label=_("Hours"),
        required=False,
        help_text=_("Such as 10:00-14:00, 15:00-18:00. Empty means closed."),
    )


class HolidaysForm(forms.Form):
    """A country and a year whose holidays are to be looked at."""

    country = forms.ChoiceField(label=_("Country"), choices=tuple(COUNTRIES.items()))
    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate(clock.now()).year


def _wrong_end(opens: time, closes: time, *, next_day: bool) -> str:
    if not next_day and closes <= opens:
        return str(
            _(
                "The end is not after the beginning. If the work goes on past "
                "midnight, tick “until the next day”."
            )
        )
    if next_day and closes > opens:
        return str(_("This is more than 24 hours."))
    return ""


def _clock(span: Span, part: str) -> str:
    minutes = (span.begin if part == "from" else span.end) % DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _span_of(hour: int, minute: int, to_hour: int, to_minute: int) -> Span:
    begin, end = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or begin >= DAY_MINUTES or end > DAY_MINUTES:
        raise forms.ValidationError(_("There is no such time of day."))
    if end <= begin:
        raise forms.ValidationError(_("The end is not after the beginning."))
    return Span(begin, end)
