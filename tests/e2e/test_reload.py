"""A page that goes away before its words have arrived."""

from playwright.sync_api import Route, expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.log import Log
from tests.e2e.network import Sockets
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor
from tests.e2e.waiting import until

FIRST = "Is the scale in the picture for sale?"
QUESTION = "Does the scale have a timer?"
SECOND_QUESTION = "Does the scale switch off by itself?"
MORE = "And can it be charged?"
BEGINNING = "**/visitor/conversations/"


def test_a_first_question_that_never_left_arrives_once_after_a_reload(
    visitor: Visitor, operator: Operator, log: Log
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visitor.page.route(BEGINNING, hold)
    visitor.opens_chat().asks(FIRST)
    visitor.sees_state("sending")
    until(visitor.page, lambda: len(held) == 1)

    visitor.page.reload()
    visitor.is_ready()
    expect(visitor.bubble(FIRST)).to_be_visible()
    until(visitor.page, lambda: len(held) == 2)
    assert log.lines(FIRST) == []

    held[1].continue_()
    visitor.sees_state("sent", "delivered")
    assert visitor.lines() == [FIRST]
    assert log.messages(FIRST) == [FIRST]
    expect(operator.row(FIRST)).to_have_count(1)


def test_a_message_whose_receipt_was_lost_arrives_once_after_a_reload(
    make_visitor: MakeVisitor, operator: Operator, log: Log
) -> None:
    visitor = make_visitor()
    sockets = Sockets(visitor.page)
    visitor.comes().opens_chat().asks_and_it_arrives(SECOND_QUESTION)
    operator.takes(SECOND_QUESTION)
    sockets.turn("deaf")
    visitor.asks(MORE)
    operator.sees(MORE)
    visitor.sees_state("sending", "still_trying")

    sockets.cut("open")
    visitor.page.reload()
    visitor.is_ready()
    visitor.sees_state("delivered", "read")
    expect(visitor.bubble(MORE)).to_have_count(1)
    assert visitor.lines() == [SECOND_QUESTION, MORE]
    assert operator.lines() == [SECOND_QUESTION, MORE]
    assert log.messages(SECOND_QUESTION) == [SECOND_QUESTION, MORE]


def test_words_that_were_not_sent_stay_in_the_composer(visitor: Visitor) -> None:
    visitor.opens_chat().writes(SECOND_QUESTION)
    visitor.page.reload()
    visitor.is_ready()
    expect(visitor.field).to_have_value(SECOND_QUESTION)
    visitor.comes("/delivery/").is_ready()
    expect(visitor.field).to_have_value(SECOND_QUESTION)
