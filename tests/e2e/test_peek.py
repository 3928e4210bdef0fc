"""What staff see of words that were not sent."""

import re

from playwright.sync_api import expect

from tests.e2e.log import Log
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Can I pay when it is delivered?"


def test_a_draft_is_shown_as_it_grows_and_never_stored(
    visitor: Visitor, operator: Operator, log: Log
) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    visitor.writes("Or with this card: 4111 1111 1111 1111")
    expect(operator.peek).to_have_text(re.compile("^Or with this card: [• ]+$"))
    expect(operator.row("Or with this card")).to_have_count(1)
    visitor.field.fill("")
    expect(operator.peek).to_have_count(0)
    assert log.messages(QUESTION) == [QUESTION]


def test_a_draft_below_a_long_dialog_is_scrolled_to(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    operator.answers("Yes.\n" * 40)
    visitor.writes("And by card?")
    expect(operator.peek).to_have_text("And by card?")
    expect(operator.peek).to_be_in_viewport(ratio=1)


def test_one_switch_keeps_drafts_to_oneself_for_good(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    visitor.writes("Seen by Anna")
    expect(operator.peek).to_be_visible()
    visitor.button("turn_off").click()
    expect(operator.peek).to_have_count(0)
    expect(visitor.panel.get_by_text(visitor.says("peek_off"))).to_be_visible()
    visitor.field.fill("Seen by nobody")
    typing = operator.log.get_by_role("img", name=operator.says.pattern("peek_typing"))
    expect(typing).to_be_visible()
    expect(operator.peek).to_have_count(0)

    visitor.page.reload()
    visitor.is_ready()
    expect(visitor.button("turn_on")).to_be_visible()
