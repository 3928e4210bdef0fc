"""Public holidays of a few countries, from the ``holidays`` library if it is there."""

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COUNTRIES: dict[str, str | Promise] = {
    "RU": _("Russia"),
    "BY": _("Belarus"),
    "KZ": _("Kazakhstan"),
    "UA": _("Ukraine"),
    "DE": _("Germany"),
    "AT": _("Austria"),
    "FR": _("France"),
    "ES": _("Spain"),
    "IT": _("Italy"),
    "PL": _("Poland"),
    "GB": _("United Kingdom"),
    "US": _("United States"),
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date on which a country does not work."""

    date: date
    name: str


def has_presets() -> bool:
    """Return whether the library that knows the holidays is installed."""
    return find_spec("holidays") is not None


def list_holidays(*, country: str, year: int, language: str) -> list[Holiday]:
    """Return the holidays of one of ``COUNTRIES``, named in the language if it can.

    Empty when the library is not installed.
    """
    if country not in COUNTRIES or not has_presets():
        return []
    library = import_module("holidays")
    supported = library.list_localized_countries().get(country, ())
    named = next((each for each in supported if each.startswith(language[:2])), None)
    found = library.country_holidays(country, years=year, language=named)
    return [Holiday(day, name) for day, name in sorted(found.items())]
