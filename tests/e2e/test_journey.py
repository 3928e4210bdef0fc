"""The main job: a question, an answer, a copy by mail."""

from playwright.sync_api import expect

from tests.e2e.copies import mail_copy
from tests.e2e.log import Log
from tests.e2e.manager import Manager
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Is the hand grinder fine enough for espresso?"
DRAFT = "And which one is quieter"
ANSWER = "Yes, from the fifth click on."
NOTE = "Asked about the grinder last week too."
THANKS = "Wonderful, I shall take it."
EMAIL = "ingrid.journey@example.com"


def test_a_question_is_answered_closed_liked_and_mailed(
    visitor: Visitor, operator: Operator, manager: Manager, log: Log
) -> None:
    visitor.opens_chat().asks(QUESTION)
    expect(operator.ring(QUESTION)).to_have_class("ring ok")
    visitor.sees_state("sent")
    operator.takes(QUESTION)
    visitor.sees_state("read")

    visitor.writes(DRAFT)
    expect(operator.peek).to_have_text(DRAFT)
    operator.reply.press_sequentially(ANSWER)
    expect(visitor.panel.locator(".typing")).to_be_visible()
    operator.reply.press("Enter")
    visitor.sees(ANSWER)
    operator.sees_state("state_read")

    operator.notes(NOTE)
    visitor.asks(THANKS)
    operator.sees(THANKS)
    expect(visitor.host.get_by_text(NOTE)).to_have_count(0)
    assert any(ANSWER in frame for frame in visitor.heard)
    assert not any(NOTE in frame for frame in visitor.heard)
    answer_by_canned(visitor, operator)

    operator.closes("sale")
    visitor.sees(visitor.says("rate_question", name="Anna"))
    visitor.button("rate_up").click()
    operator.sees(operator.says("rated_up"))

    mail = mail_copy(visitor, manager, email=EMAIL)
    for words in (QUESTION, ANSWER, THANKS, "Anna"):
        expect(mail).to_contain_text(words)
    expect(manager.page.locator("body")).not_to_contain_text(NOTE)

    manager.finds_dialog(QUESTION)
    for words in (QUESTION, ANSWER, NOTE, THANKS, "Sale"):
        expect(manager.page.get_by_text(words).first).to_be_visible()
    kinds = [line.kind for line in log.lines(QUESTION)]
    assert kinds[-3:] == ["closed", "rated", "transcript"]


def answer_by_canned(visitor: Visitor, operator: Operator) -> None:
    """Choose the second prepared reply with the keyboard and send it."""
    operator.reply.fill("/")
    operator.reply.press("End")
    options = operator.page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    operator.reply.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    operator.reply.press("Enter")
    expect(options).to_have_count(0)
    expect(operator.reply).not_to_have_value("/")
    text = operator.reply.input_value()
    operator.reply.press("Enter")
    visitor.sees(text.splitlines()[0])
