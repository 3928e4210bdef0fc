"""The server dies in the middle of a dialog and comes back."""

from playwright.sync_api import expect

from tests.e2e.log import Log
from tests.e2e.operator import Operator
from tests.e2e.shop import Shop
from tests.e2e.visitor import Visitor
from tests.e2e.waiting import until
from tests.e2e.watch import Watch

QUESTION = "Which paper fits the small brewer?"
ANSWER = "Size one, the brown or the white."
LATE = ["I had the brown ones before.", "They tore.", "Are the white ones stronger?"]
REPLIES = ["They are made differently.", "Nobody has complained so far."]
TO_COME_BACK_MS = 60_000


def test_a_killed_server_loses_nothing_and_doubles_nothing(
    visitor: Visitor, operator: Operator, shop: Shop, watch: Watch
) -> None:
    log = Log(shop.database)
    watch.allow("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE", "WebSocket")
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    operator.answers(ANSWER)
    visitor.sees(ANSWER)

    visitor.asks("This one is under way when it happens.")
    shop.kill()
    expect(operator.lost).to_be_visible()
    for text in LATE:
        visitor.asks(text)
    for text in REPLIES:
        operator.answers(text)
    visitor.sees_state("waiting_network")
    expect(visitor.panel.get_by_text(visitor.says("no_connection"))).to_be_visible()

    shop.start()
    total = 3 + len(LATE) + len(REPLIES)
    until(
        visitor.page,
        lambda: len(log.messages(QUESTION)) == total,
        within_s=TO_COME_BACK_MS / 1000,
    )
    expect(operator.lost).to_have_count(0, timeout=TO_COME_BACK_MS)
    expect(operator.log.locator(".pend")).to_have_count(0, timeout=TO_COME_BACK_MS)
    visitor.sees_state("delivered", "read")
    expect(visitor.log.locator(".m")).to_have_count(total)
    expect(operator.log.locator(".w")).to_have_count(total)

    said = log.messages(QUESTION)
    assert visitor.lines() == said
    assert operator.lines() == said
    assert [text for text in said if text in LATE] == LATE
    assert [text for text in said if text in REPLIES] == REPLIES
    numbers = [line.seq for line in log.lines(QUESTION)]
    assert numbers == list(range(1, len(numbers) + 1))

    visitor.asks("All here again?")
    operator.sees("All here again?")
