"""The report for the shop counts dialogs by product, searches and orders."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from chatdesk.kpi.period import last_days
from chatdesk.kpi.shop import Cut, asked_products, funnels, has_orders, searched_words
from chatdesk.models import (
    AuthorKind,
    Conversation,
    Entry,
    Occasion,
    SaleCredit,
    ShopEvent,
    SoldOrder,
    Visit,
)
from chatdesk.services.log import ADMITTED, Draft, append
from tests.factories import make_conversation, make_operator
from tests.visiting import browser, make_visit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ALL = Cut()
DAY = timedelta(days=1)


def week():
    return last_days(7, at=timezone.now() + timedelta(minutes=1))


def ask(ref: str, *, days_ago: int = 0, words: str = "Is it waterproof?", **facts):
    """Let a dialog begin on the page of a product."""
    conversation = make_conversation(entries=[("visitor", words)])
    at = timezone.now() - days_ago * DAY
    Conversation.objects.filter(pk=conversation.pk).update(first_message_at=at)
    return Occasion.objects.create(
        conversation=conversation, at=at, kind="product", ref=ref, title=ref, **facts
    )


def order(visit: Visit, amount: str, currency: str = "EUR") -> None:
    ShopEvent.objects.create(
        visit=visit,
        kind="ordered",
        at=timezone.now(),
        amount=Decimal(amount),
        currency=currency,
    )


def chat(visit: Visit, *, days_before: int = 0) -> None:
    conversation = make_conversation()
    at = visit.seen_at - days_before * DAY
    Conversation.objects.filter(pk=conversation.pk).update(first_message_at=at)
    Visit.objects.filter(pk=visit.pk).update(visitor=conversation.visitor)


def test_products_are_ordered_by_how_often_they_are_asked_about():
    for number in range(3):
        ask("boots", words=f"Question {number}")
    ask("kettle")
    ask("boots", days_ago=9)
    ask("", words="About nothing")

    first, second = asked_products(week(), ALL)

    assert (first.ref, first.asked, first.before) == ("boots", 3, 1)
    assert [question.text for question in first.questions] == [
        "Question 2",
        "Question 1",
        "Question 0",
    ]
    assert (second.ref, second.asked) == ("kettle", 1)


def test_a_card_that_was_sent_makes_a_dialog_one_about_its_product():
    occasion = ask("kettle")
    append(
        Draft(
            conversation_id=occasion.conversation_id,
            author_kind=AuthorKind.OPERATOR,
            author_id=1,
            cmid=uuid4(),
            kind=Entry.Kind.PRODUCT,
            admit=lambda *_: ADMITTED,
            text="Boots, 42",
            data={"product": "boots"},
        ),
        at=timezone.now(),
    )

    rows = {row.ref: (row.title, row.asked) for row in asked_products(week(), ALL)}

    assert rows == {"kettle": ("kettle", 1), "boots": ("Boots, 42", 1)}


def test_a_cut_leaves_out_the_others():
    ask("boots", source="ad", country="FI")
    ask("boots", source="ad", country="LV")

    (row,) = asked_products(week(), Cut(source="ad", country="FI"))

    assert row.asked == 1
    assert asked_products(week(), Cut(source="mail")) == []


def test_many_products_are_as_many_queries_as_one(django_assert_num_queries):
    for number in range(5):
        ask(f"p{number}")

    with django_assert_num_queries(5):
        assert len(asked_products(week(), ALL)) == 5


def test_searches_that_led_to_a_dialog_or_to_nothing_are_told():
    visit = make_visit()
    for words, hits in (("Moka", 0), ("moka", 0), ("kettle", 4), ("cup", 9)):
        kind = "searched" if hits else "found_nothing"
        ShopEvent.objects.create(
            visit=visit, kind=kind, at=timezone.now(), words=words, number=hits
        )
    ask("kettle", searched="Kettle", hits=4)

    rows = [
        (row.words, row.searches, row.found_most, row.dialogs)
        for row in searched_words(week(), ALL)
    ]

    assert rows == [("kettle", 1, 4, 1), ("moka", 2, 0, 0)]


def test_the_dialogs_outlive_the_visits_in_which_somebody_searched():
    ask("kettle", searched="tea", hits=0)

    (row,) = searched_words(week(), ALL)

    assert (row.words, row.dialogs) == ("tea", 1)


def test_visits_with_a_chat_are_told_from_those_without():
    with_chat, earlier_chat, silent, too_late = (
        make_visit(by=browser(f"s{number}")) for number in range(4)
    )
    chat(with_chat)
    chat(earlier_chat, days_before=6)
    chat(too_late, days_before=9)
    order(with_chat, "100.00")
    order(with_chat, "50.00")
    order(silent, "30.00")

    chatted, others = funnels(week(), ALL)

    assert (chatted.visits, chatted.ordered, chatted.orders) == (2, 1, 2)
    assert chatted.conversion == 0.5
    assert chatted.sums == {"EUR": (Decimal("150.00"), Decimal("75.00"))}
    assert (others.visits, others.ordered) == (2, 1)


def test_currencies_are_never_added_up():
    visit = make_visit()
    order(visit, "10.00", "EUR")
    order(visit, "900.00", "RUB")

    _chatted, others = funnels(week(), ALL)

    assert set(others.sums) == {"EUR", "RUB"}


def test_without_visits_there_is_no_share():
    chatted, _others = funnels(week(), ALL)

    assert chatted.conversion is None
    assert not has_orders()


# Orders that the shop told of


def told(reference, amount, *, credited_to=None, currency="EUR", **facts):
    """Note an order of today; ``credited_to`` is the operator who advised."""
    row = SoldOrder.objects.create(
        reference=reference,
        number=reference,
        currency=currency,
        goods=Decimal(amount),
        placed_at=timezone.now() - timedelta(hours=1),
        changed_at=timezone.now(),
        **facts,
    )
    if credited_to is not None:
        SaleCredit.objects.create(
            order=row,
            operator=credited_to,
            amount=Decimal(amount),
            rule="last",
            reason="spoke_last",
            answered_at=row.placed_at,
            dialogs=1,
            sharers=1,
            credited_at=row.placed_at,
        )
    return row


def test_told_orders_have_a_chat_when_they_are_credited_to_one():
    anna = make_operator()
    for number in range(3):
        make_visit(by=browser(f"b{number}"))
    told("NB-1", "60.00", credited_to=anna)
    told("NB-2", "20.00")
    told("NB-3", "40.00")

    chatted, others = funnels(week(), ALL)

    assert (chatted.orders, chatted.sums) == (
        1,
        {"EUR": (Decimal("60.00"), Decimal("60.00"))},
    )
    assert (others.orders, others.ordered, others.visits) == (2, 2, 3)
    assert others.sums == {"EUR": (Decimal("60.00"), Decimal("30.00"))}
    assert others.conversion == pytest.approx(2 / 3)
    assert has_orders()


def test_an_order_that_two_share_is_one_order():
    row = told("NB-1", "60.00", credited_to=make_operator())
    credit = row.credits.get()
    credit.pk, credit.operator = None, make_operator()
    credit.save()

    assert funnels(week(), ALL)[0].orders == 1


def test_what_did_not_stay_sold_is_in_no_funnel():
    told("NB-1", "60.00", is_void=True)
    told("NB-2", "60.00", credited_to=make_operator(), is_void=True)

    assert [side.orders for side in funnels(week(), ALL)] == [0, 0]


def test_more_orders_than_visits_are_no_share():
    told("NB-1", "60.00")

    assert funnels(week(), ALL)[1].conversion is None


def test_a_cut_keeps_the_orders_whose_visit_is_of_it():
    for reference, source in (("NB-1", "search"), ("NB-2", "ad")):
        visit = make_visit(by=browser(source))
        Visit.objects.filter(pk=visit.pk).update(source=source)
        order(visit, "10.00")
        ShopEvent.objects.filter(visit=visit).update(ref=reference)
        told(reference, "10.00")

    _chatted, silent = funnels(week(), Cut(source="search"))

    assert (silent.visits, silent.orders) == (1, 1)


def test_words_are_one_whatever_their_capitals_in_any_language():
    for number, words in enumerate(("Турка", "турка", "ТУРКА", "Straße", "STRASSE")):
        ShopEvent.objects.create(
            visit=make_visit(by=browser(words)),
            kind="found_nothing",
            at=timezone.now(),
            words=words,
            number=0,
        )
        occasion = ask(f"kettle{number}", searched=words, hits=0)
        assert occasion.searched == words

    found = {row.words: row for row in searched_words(week(), ALL)}

    assert set(found) == {"турка", "strasse"}
    assert (found["турка"].searches, found["турка"].dialogs) == (3, 3)
    assert (found["strasse"].searches, found["strasse"].dialogs) == (2, 2)
