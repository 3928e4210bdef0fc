"""Accounting hears of every line of the ledger, and of none that there is not."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from chatdesk.models import CommissionPlan, Effect, LedgerLine
from chatdesk.services.commission import adjust_commission
from chatdesk.services.sales import settle_all
from chatdesk.worker import run_due
from tests.sales import PLACED, Shop, line, order_of, paid, refunded, tell
from tests.services.hook import Hook, open_hook

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def hook(settings):
    with open_hook() as hook:
        settings.CHATDESK = {
            "LEDGER_WEBHOOK": hook.address,
            "LEDGER_WEBHOOK_SECRET": "s3cret",
        }
        yield hook


@pytest.fixture
def shop():
    """Anna answered two days before an order of two lines, at five percent."""
    shop = Shop()
    CommissionPlan.objects.create(name="All", percent=5)
    shop.talk("guest", ["anna"], ago=timedelta(days=2))
    return shop


def sell(shop, *, back=""):
    """Let the guest pay for an order, and give some of it back."""
    order = paid(order_of(line("a", "60.00"), line("b", "20.00")))
    tell(order, visitor=shop.visitor("guest"))
    if back:
        tell(refunded(order, "r1", a=back))


def told(hook: Hook):
    return sorted((json.loads(note.body) for note in hook.notes), key=lambda n: n["id"])


def run(*, after=timedelta(0)):
    return run_due(at=timezone.now() + timedelta(seconds=1) + after)


def test_an_accrual_and_its_reversal_are_told_to_the_cent(hook, shop):
    sell(shop, back="30.00")
    run()

    accrual, reversal = told(hook)
    row = LedgerLine.objects.get(kind="accrual")
    assert accrual == {
        "id": row.pk,
        "at": row.at.isoformat(),
        "month": "2026-03",
        "kind": "accrual",
        "operator": {"id": row.operator_id, "name": "anna"},
        "amount": "4.00",
        "currency": "EUR",
        "percent": "5.00",
        "order": "NB-1",
        "plan": "All",
        "reverses": None,
        "reason": "",
        "author": "",
    }
    assert (reversal["amount"], reversal["reverses"]) == ("-1.50", row.pk)


def test_an_adjustment_is_told_with_who_made_it_and_why(hook, shop):
    adjust_commission(
        operator_id=shop.operator("anna").pk,
        amount=Decimal("-1.5"),
        reason="Дважды",
        author_id=shop.user("boss").pk,
        at=PLACED,
    )
    run()

    (note,) = told(hook)
    assert (note["kind"], note["amount"], note["reason"]) == (
        "adjustment",
        "-1.50",
        "Дважды",
    )
    assert note["author"] == shop.user("boss").username
    assert "Дважды".encode() in hook.notes[0].body


def test_a_line_is_told_once(hook, shop):
    sell(shop)
    run()
    settle_all(at=timezone.now())
    run()

    assert len(hook.notes) == 1


def test_what_was_not_taken_is_told_again_as_the_same_note(hook, shop):
    hook.answers = [503]
    sell(shop)
    run()
    assert Effect.objects.get(kind="ledger_note").state == Effect.State.DUE

    run(after=timedelta(minutes=2))

    first, second = (note.headers["Idempotency-Key"] for note in hook.notes)
    assert first == second
    assert Effect.objects.get(kind="ledger_note").state == Effect.State.DONE


def test_a_line_that_is_rolled_back_is_not_told(hook, shop):
    with transaction.atomic():
        sell(shop)
        transaction.set_rollback(True)
    run()

    assert hook.notes == []


def test_without_an_address_nothing_is_promised(shop):
    sell(shop)

    assert not Effect.objects.filter(kind="ledger_note").exists()


def test_an_address_taken_away_since_needs_no_note(hook, shop, settings):
    sell(shop)
    settings.CHATDESK = {}
    run()

    assert hook.notes == []
    assert Effect.objects.get(kind="ledger_note").state == Effect.State.CANCELLED
