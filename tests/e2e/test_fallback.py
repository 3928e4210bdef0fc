"""Networks that let no socket through."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.network import Sockets
from tests.e2e.operator import Operator
from tests.e2e.waiting import until
from tests.e2e.watch import Watch

QUESTION = "Is the beans' bag made of paper?"
TO_FALL_BACK_MS = 10_000


@pytest.mark.parametrize("network", ["refused", "silent"])
def test_a_visitor_without_sockets_talks_by_polling_and_comes_back(
    make_visitor: MakeVisitor, operator: Operator, watch: Watch, network: str
) -> None:
    visitor = make_visitor()
    sockets = Sockets(visitor.page, network)
    visitor.comes().opens_chat().asks(QUESTION)
    expect(operator.row(QUESTION)).to_be_visible(timeout=TO_FALL_BACK_MS)
    operator.takes(QUESTION)
    operator.answers("Of paper, with a thin lining.")
    visitor.sees("Of paper, with a thin lining.")
    visitor.writes("Can the lining be")
    expect(operator.peek).to_have_text("Can the lining be")
    visitor.asks("Can it be recycled?")
    operator.sees("Can it be recycled?")
    visitor.sees_state("read")
    expect(visitor.panel.locator(".band")).to_have_count(0)
    assert sockets.received == []

    sockets.turn("open")
    # What the browser says when its network changes; without it a try may be far off.
    visitor.page.evaluate("dispatchEvent(new Event('online'))")
    until(visitor.page, lambda: any('"welcome"' in each for each in sockets.received))
    operator.answers("Yes, where there is a plant for it.")
    visitor.sees("Yes, where there is a plant for it.")
    assert any("a plant for it" in each for each in sockets.received)
    polls = count_polls(watch)
    assert polls > 0
    operator.answers("There is one in Turku.")
    visitor.sees("There is one in Turku.")
    assert count_polls(watch) == polls
    assert visitor.lines() == operator.lines()


def count_polls(watch: Watch) -> int:
    return sum("/events/?" in url for url in watch.requests)


def test_an_open_dialog_that_loses_its_socket_goes_on_by_polling(
    make_visitor: MakeVisitor, operator: Operator
) -> None:
    visitor = make_visitor()
    sockets, at_desk = Sockets(visitor.page), Sockets(operator.page)
    operator.comes()
    visitor.comes().opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    sockets.cut("refused")
    operator.answers("Of paper, with a thin lining.")
    expect(visitor.bubble("Of paper, with a thin lining.")).to_be_visible(
        timeout=TO_FALL_BACK_MS
    )
    visitor.asks("Thank you.")
    operator.sees("Thank you.")

    at_desk.cut("refused")
    slow = operator.page.locator(".topb .slow .chip")
    expect(slow).to_be_visible(timeout=TO_FALL_BACK_MS)
    expect(operator.lost).to_have_count(0)
    visitor.asks("Is it compostable?")
    operator.sees("Is it compostable?")
    operator.answers("It is.")
    visitor.sees("It is.")
    operator.sees_state("state_read")
    operator.closes()

    at_desk.turn("open")
    operator.page.evaluate("dispatchEvent(new Event('online'))")
    expect(slow).to_have_count(0)
    assert operator.lines() == visitor.lines()


def test_a_refused_message_says_so_and_can_be_sent_again(
    make_visitor: MakeVisitor, operator: Operator
) -> None:
    visitor = make_visitor()
    sockets = Sockets(visitor.page)
    visitor.comes().opens_chat().asks_and_it_arrives(QUESTION)
    sockets.turn("unwilling")
    visitor.asks("Is it compostable?")
    refused = visitor.log.locator(".meta.fail")
    expect(refused).to_contain_text(visitor.says("reason_blocked"))
    expect(visitor.panel.get_by_role("alert").first).to_have_text(
        visitor.says("not_sent")
    )
    operator.takes(QUESTION)
    sockets.turn("open")
    refused.get_by_role("button", name=visitor.says("try_again")).click()
    operator.sees("Is it compostable?")
    expect(refused).to_have_count(0)
    assert visitor.lines() == [QUESTION, "Is it compostable?"]
