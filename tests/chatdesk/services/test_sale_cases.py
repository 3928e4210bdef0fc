"""Who is credited with an order and what he earns by it, exact to the cent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from chatdesk.models import CommissionPlan, Department
from chatdesk.shop.types import Order
from tests.sales import (
    PLACED,
    Shop,
    cancelled,
    credits_of,
    ledger_of,
    line,
    order_of,
    paid,
    refunded,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
Step = Callable[[Order], Order]


@dataclass(frozen=True)
class Talk:
    """Somebody wrote, and these answered in turn; the last answer was so long ago."""

    visitor: str
    speakers: Sequence[str]
    ago: timedelta
    sold_by: str = ""
    department: str = ""


@dataclass(frozen=True)
class Case:
    """What happened, and what must come of it.

    Each of ``told`` is a report of the order: a list of changes on top of the order
    as it was placed.
    """

    name: str
    talks: Sequence[Talk]
    credits: dict[str, str]
    ledger: dict[str, str]
    told: Sequence[Sequence[Step]] = ((), (paid,))
    lines: Sequence[Any] = (line("a", "100.00"),)
    buyer: str = ""
    browser: str = ""
    rule: str = "last"
    currency: str = "EUR"
    plans: Sequence[dict[str, Any]] = field(default_factory=lambda: ({"percent": 5},))


def back(ref: str, **amounts: str) -> Step:
    """Return the step that gives something back."""
    return lambda order: refunded(order, ref, **amounts)


ANNA = Talk("guest", ["anna"], DAY)
THREE = (line("a", "10.00"), line("b", "20.00"), line("c", "30.00"))

CASES = [
    Case("guest is found by his browser", [ANNA], {"anna": "100.00"}, {"anna": "5.00"},
         browser="guest"),
    Case("guest without a browser is a stranger", [ANNA], {}, {}),
    Case("another guest's dialog is not his", [ANNA], {}, {}, browser="other"),
    Case("customer is found by his login on another device",
         [Talk("olga@phone", ["anna"], DAY)], {"anna": "100.00"}, {"anna": "5.00"},
         buyer="olga"),
    Case("guest who then logged in is found by his browser", [ANNA],
         {"anna": "100.00"}, {"anna": "5.00"}, buyer="olga", browser="guest"),
    Case("guest and login together, the later one counts",
         [Talk("guest", ["anna"], 2 * DAY), Talk("olga@phone", ["dmitry"], DAY)],
         {"dmitry": "100.00"}, {"dmitry": "5.00"}, buyer="olga", browser="guest"),
    Case("browser of another customer proves nothing",
         [Talk("ivan@home", ["anna"], DAY)], {}, {}, buyer="olga",
         browser="ivan@home"),
    Case("no dialog, no credit", [], {}, {}, browser="guest"),
    Case("a question nobody answered earns nobody", [Talk("guest", ["-"], DAY)],
         {}, {}, browser="guest"),
    Case("a dialog after the order does not count", [Talk("guest", ["anna"], -HOUR)],
         {}, {}, browser="guest"),
    Case("the edge of the window is inside", [Talk("guest", ["anna"], 7 * DAY)],
         {"anna": "100.00"}, {"anna": "5.00"}, browser="guest"),
    Case("a second before the window is outside",
         [Talk("guest", ["anna"], 7 * DAY + SECOND)], {}, {}, browser="guest"),
    Case("who joins the dialog after the order has no part in it",
         [Talk("guest", ["anna", "dmitry"], -SECOND)], {"anna": "100.00"},
         {"anna": "5.00"}, browser="guest"),
    Case("an answer in the second of the order counts",
         [Talk("guest", ["anna"], timedelta(0))], {"anna": "100.00"},
         {"anna": "5.00"}, browser="guest"),
    Case("last: after a transfer the one who spoke last",
         [Talk("guest", ["anna", "dmitry"], DAY)], {"dmitry": "100.00"},
         {"dmitry": "5.00"}, browser="guest"),
    Case("last: the one who closed as a sale goes before who spoke last",
         [Talk("guest", ["anna", "-", "dmitry"], DAY, sold_by="anna")],
         {"anna": "100.00"}, {"anna": "5.00"}, browser="guest"),
    Case("last: a closing by somebody who never answered changes nothing",
         [Talk("guest", ["anna"], DAY, sold_by="maria")], {"anna": "100.00"},
         {"anna": "5.00"}, browser="guest"),
    Case("first: the one who spoke first in the window",
         [Talk("guest", ["anna"], 3 * DAY), Talk("guest", ["dmitry"], DAY)],
         {"anna": "100.00"}, {"anna": "5.00"}, browser="guest", rule="first"),
    Case("first: what is before the window is not first",
         [Talk("guest", ["anna"], 8 * DAY), Talk("guest", ["dmitry"], DAY)],
         {"dmitry": "100.00"}, {"dmitry": "5.00"}, browser="guest", rule="first"),
    Case("longest: the dialog that went on longest",
         [Talk("guest", ["anna", "-", "-", "anna"], 2 * DAY),
          Talk("guest", ["dmitry"], DAY)],
         {"anna": "100.00"}, {"anna": "5.00"}, browser="guest", rule="longest"),
    Case("longest: in it the one who answered most",
         [Talk("guest", ["anna", "dmitry", "dmitry", "anna", "dmitry"], DAY)],
         {"dmitry": "100.00"}, {"dmitry": "5.00"}, browser="guest", rule="longest"),
    Case("shared: two operators get half each",
         [Talk("guest", ["anna", "dmitry"], DAY)],
         {"anna": "50.00", "dmitry": "50.00"}, {"anna": "2.50", "dmitry": "2.50"},
         browser="guest", rule="shared"),
    Case("shared: three shares add up to the cent",
         [Talk("guest", ["anna", "dmitry", "maria"], DAY)],
         {"maria": "33.34", "dmitry": "33.33", "anna": "33.33"},
         {"maria": "1.67", "dmitry": "1.67", "anna": "1.67"},
         browser="guest", rule="shared"),
    Case("shared: odd cents go round from line to line",
         [Talk("guest", ["anna", "dmitry"], DAY)],
         {"dmitry": "0.01", "anna": "0.01"}, {"dmitry": "0.00", "anna": "0.00"},
         browser="guest", rule="shared",
         lines=(line("a", "0.01"), line("b", "0.01"))),
    Case("shared: who spoke in two dialogs has one share",
         [Talk("guest", ["anna"], 2 * DAY), Talk("guest", ["anna", "dmitry"], DAY)],
         {"anna": "50.00", "dmitry": "50.00"}, {"anna": "2.50", "dmitry": "2.50"},
         browser="guest", rule="shared"),
    Case("not paid, nothing accrued", [ANNA], {"anna": "100.00"}, {},
         browser="guest", told=((),)),
    Case("the same reports ten times over", [ANNA], {"anna": "100.00"},
         {"anna": "5.00"}, browser="guest", told=((), (paid,)) * 10),
    Case("paid before placed was told", [ANNA], {"anna": "100.00"}, {"anna": "5.00"},
         browser="guest", told=((paid,), ())),
    Case("cancelled before it was paid", [ANNA], {"anna": "100.00"}, {},
         browser="guest", told=((), (cancelled,))),
    Case("cancelled after it was paid", [ANNA], {"anna": "100.00"}, {"anna": "0.00"},
         browser="guest", told=((), (paid,), (paid, cancelled))),
    Case("cancelled, and an old report of the payment comes late", [ANNA],
         {"anna": "100.00"}, {"anna": "0.00"}, browser="guest",
         told=((), (paid,), (paid, cancelled), (paid,))),
    Case("one of three lines given back", [ANNA], {"anna": "60.00"},
         {"anna": "2.00"}, browser="guest", lines=THREE,
         told=((), (paid,), (paid, back("r1", b="20.00")))),
    Case("the same refund told three times", [ANNA], {"anna": "60.00"},
         {"anna": "2.00"}, browser="guest", lines=THREE,
         told=((), (paid,), *((paid, back("r1", b="20.00")),) * 3)),
    Case("all lines given back one by one come to nothing", [ANNA],
         {"anna": "10.01"}, {"anna": "0.00"}, browser="guest",
         lines=(line("a", "3.33"), line("b", "3.34"), line("c", "3.34")),
         told=((paid,), (paid, back("r1", a="3.33")),
               (paid, back("r1", a="3.33"), back("r2", b="3.34")),
               (paid, back("r1", a="3.33"), back("r2", b="3.34"),
                back("r3", c="3.34")))),
    Case("a third of a line given back, rounded once", [ANNA], {"anna": "100.00"},
         {"anna": "3.33"}, browser="guest",
         told=((paid,), (paid, back("r1", a="33.33")))),
    Case("given back for no line in particular", [ANNA], {"anna": "60.00"},
         {"anna": "2.25"}, browser="guest", lines=THREE,
         told=((paid,), (paid, back("r1", all_="15.00")))),
    Case("given back before the payment was told", [ANNA], {"anna": "60.00"},
         {"anna": "2.00"}, browser="guest", lines=THREE,
         told=((paid, back("r1", b="20.00")),)),
    Case("refunds told in the wrong order", [ANNA], {"anna": "60.00"},
         {"anna": "0.50"}, browser="guest", lines=THREE,
         told=((paid,), (paid, back("r2", c="30.00"), back("r1", b="20.00")),
               (paid, back("r1", b="20.00")))),
    Case("shared and partly given back",
         [Talk("guest", ["anna", "dmitry"], DAY)],
         {"anna": "30.00", "dmitry": "30.00"}, {"anna": "0.50", "dmitry": "0.50"},
         browser="guest", rule="shared", lines=THREE,
         told=((paid,), (paid, back("r1", a="10.00", c="30.00")))),
    Case("an order in dollars has a sum of its own", [ANNA], {"anna": "100.00"},
         {"anna": "5.00"}, browser="guest", currency="USD"),
    Case("yen have no cents", [ANNA], {"anna": "1010.00"}, {"anna": "51.00"},
         browser="guest", currency="JPY", lines=(line("a", "1010"),)),
    Case("half a cent goes up", [ANNA], {"anna": "0.10"}, {"anna": "0.01"},
         browser="guest", lines=(line("a", "0.10"),)),
    Case("no plan, no commission", [ANNA], {"anna": "100.00"}, {}, browser="guest",
         plans=()),
    Case("the plan of the operator goes before the one for all", [ANNA],
         {"anna": "100.00"}, {"anna": "7.50"}, browser="guest",
         plans=({"percent": 5}, {"percent": "7.5", "operator": "anna"})),
    Case("the plan of another operator does not fit", [ANNA], {"anna": "100.00"},
         {"anna": "5.00"}, browser="guest",
         plans=({"percent": 5}, {"percent": 9, "operator": "dmitry"})),
    Case("the plan of the dialog's department",
         [Talk("guest", ["anna"], DAY, department="Sales")], {"anna": "100.00"},
         {"anna": "6.00"}, browser="guest",
         plans=({"percent": 5}, {"percent": 6, "department": "Sales"})),
    Case("each line by the plan of its group", [ANNA], {"anna": "60.00"},
         {"anna": "3.50"}, browser="guest",
         lines=(line("a", "10.00", group="tea"), line("b", "50.00", group="pots")),
         plans=({"percent": 5}, {"percent": 10, "product_group": "tea"})),
    Case("percent of the margin, refund included", [ANNA], {"anna": "100.00"},
         {"anna": "6.00"}, browser="guest",
         lines=(line("a", "100.00", cost="40.00"),),
         told=((paid,), (paid, back("r1", a="50.00"))),
         plans=({"percent": 20, "basis": "margin"},)),
    Case("unknown cost: the plan by margin does not fit, the next does", [ANNA],
         {"anna": "100.00"}, {"anna": "5.00"}, browser="guest",
         plans=({"percent": 5}, {"percent": 20, "basis": "margin", "priority": 9})),
    Case("sold at a loss earns nothing by margin", [ANNA], {"anna": "10.00"},
         {"anna": "0.00"}, browser="guest", lines=(line("a", "10.00", cost="12.00"),),
         plans=({"percent": 20, "basis": "margin"},)),
    Case("priority goes before conditions", [ANNA], {"anna": "100.00"},
         {"anna": "1.00"}, browser="guest",
         plans=({"percent": 1, "priority": 1}, {"percent": 9, "operator": "anna"})),
    Case("a plan counts on its last day", [ANNA], {"anna": "100.00"},
         {"anna": "9.00"}, browser="guest",
         plans=({"percent": 5},
                {"percent": 9, "valid_to": date(2026, 3, 10), "priority": 1})),
    Case("a plan that begins tomorrow does not count", [ANNA], {"anna": "100.00"},
         {"anna": "5.00"}, browser="guest",
         plans=({"percent": 5},
                {"percent": 9, "valid_from": date(2026, 3, 11), "priority": 1})),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_credit_and_commission(case: Case, settings: Any) -> None:
    settings.CHATDESK = {"SALE_RULE": case.rule}
    shop = Shop()
    for each in case.talks:
        shop.talk(
            each.visitor,
            each.speakers,
            ago=each.ago,
            sold_by=each.sold_by,
            department=each.department,
        )
    for plan in case.plans:
        make_plan(shop, plan)
    order = order_of(
        *case.lines,
        user_id=shop.user(case.buyer).pk if case.buyer else None,
        currency=case.currency,
    )
    for steps in case.told:
        report = order
        for step in steps:
            report = step(report)
        visitor = shop.visitor(case.browser) if case.browser else None
        tell(report, visitor=visitor)

    assert credits_of() == case.credits
    assert ledger_of(case.currency) == case.ledger


def make_plan(shop: Shop, facts: dict[str, Any]) -> None:
    """Make a plan, with people and teams by their names."""
    given = dict(facts)
    if "operator" in given:
        given["operator"] = shop.operator(given["operator"])
    if "department" in given:
        given["department"] = Department.objects.get(name=given["department"])
    CommissionPlan.objects.create(name="Plan", **given)


def test_the_table_is_as_long_as_promised() -> None:
    assert len(CASES) >= 30
    assert len({case.name for case in CASES}) == len(CASES)
    assert PLACED.tzinfo is not None
