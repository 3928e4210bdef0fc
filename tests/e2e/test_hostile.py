"""A stranger's words are words everywhere, whatever they look like."""

from playwright.sync_api import Locator, expect

from tests.e2e.copies import mail_copy
from tests.e2e.manager import Manager
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor
from tests.e2e.watch import CANARY

MARKUP = f"<img src=/{CANARY} onerror={CANARY}()>"
SCRIPT = f"</script><script>{CANARY}()</script>"
STYLE = f"<style>@import '/{CANARY}'</style>"
BIDI = "\u202eevil\u202d \u2066left\u2067 open"
TEMPLATE = "{{ 7*7 }}{% csrf_token %}${7*7}"
LINKS = f"javascript:{CANARY}() data:text/html,<script>{CANARY}()</script>"
HOSTILE = f"{MARKUP} {SCRIPT} {STYLE} {TEMPLATE} {LINKS} {BIDI}"
NAME = f'"><svg onload={CANARY}()>{BIDI}'
TITLE = f"{MARKUP} {{{{ 7*7 }}}}"
EMAIL = "hostile@example.com"

# Whether what stands beside a text keeps its own direction.
IS_KEPT_APART = """
element => {
  const kept = ['isolate', 'isolate-override', 'plaintext'];
  for (let each = element; each; each = each.parentElement) {
    const style = getComputedStyle(each);
    if (kept.includes(style.unicodeBidi) || style.display === 'block') return true;
    if (style.display.includes('flex') || style.display === 'list-item') return true;
  }
  return false;
}
"""


def shows_as_text(place: Locator, text: str = HOSTILE) -> None:
    """See the words as they were written, all of them."""
    expect(place).to_be_visible()
    expect(place).to_contain_text(text)
    assert place.locator("img, script, style, svg").count() == 0
    hrefs = place.locator("a").evaluate_all("all => all.map(each => each.protocol)")
    assert set(hrefs) <= {"http:", "https:", "mailto:"}
    assert place.evaluate(IS_KEPT_APART)


def test_hostile_words_are_text_on_every_screen(
    visitor: Visitor, operator: Operator, manager: Manager
) -> None:
    visitor.page.evaluate("title => { document.title = title }", TITLE)
    visitor.opens_chat()
    visitor.asks(HOSTILE)
    visitor.sees_state("sent")
    shows_as_text(visitor.log.locator(".m .bx"))

    row = operator.list.locator(".d").first
    expect(row.locator(".pv")).to_contain_text(MARKUP)
    row.locator(".go").click()
    shows_as_text(operator.log.locator(".w .bx"))
    shows_as_text(operator.visitor.get_by_text(TITLE, exact=False).last, TITLE)
    row.get_by_role("button").last.click()
    visitor.writes(MARKUP)
    expect(operator.peek).to_have_text(MARKUP)
    operator.answers(f"Answer: {HOSTILE}")
    shows_as_text(visitor.bubble("Answer:"))
    card_with_a_hostile_name(operator)

    operator.closes()
    shows_as_text(mail_copy(visitor, manager, email=EMAIL))
    letter = manager.page.frame_locator("iframe")
    expect(letter.locator("body")).to_contain_text(MARKUP)
    expect(letter.locator("body")).to_contain_text("{{ 7*7 }}")
    expect(letter.locator("svg, script")).to_have_count(0)
    read_in_the_administration(manager)


def card_with_a_hostile_name(operator: Operator) -> None:
    """Let the operator write down what the visitor says that he is called."""
    pane = operator.visitor
    pane.get_by_role("button", name=operator.says("edit_card")).click()
    pane.get_by_label(operator.says("name"), exact=True).fill(NAME)
    pane.get_by_label(operator.says("contact"), exact=True).fill(LINKS)
    pane.get_by_role("button", name=operator.says("save")).click()
    heading = operator.thread.get_by_role("heading").first
    shows_as_text(heading.locator("bdi"), NAME)
    contact = pane.locator(".chips")
    expect(contact).to_contain_text(LINKS)
    expect(contact.locator("a")).to_have_count(0)


def read_in_the_administration(manager: Manager) -> None:
    manager.opens("dialogs")
    cell = manager.page.locator("main tbody tr, #content tbody tr", has_text=MARKUP)
    expect(cell).to_contain_text(NAME)
    cell.get_by_role("link").first.click()
    transcript = manager.page.get_by_role("region", name="Transcript")
    expect(transcript).to_contain_text(MARKUP)
    expect(transcript).to_contain_text("{{ 7*7 }}")
    expect(transcript.locator("script, style")).to_have_count(0)
    expect(manager.page.get_by_role("heading", level=1).first).to_contain_text(NAME)
