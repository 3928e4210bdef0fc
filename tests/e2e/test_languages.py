"""Russian and dark, from the first word to the last."""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, MakeOperator, MakeVisitor
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Подойдёт ли ручная кофемолка для эспрессо?"
ANSWER = "Да, с пятого щелчка."

# Everything that is said to eyes and ears inside an element, in shadow roots too;
# but for canned replies, which an operator may have in all languages of his visitors.
SAID = """
root => {
  const said = [];
  const names = ['aria-label', 'placeholder', 'title', 'alt'];
  const visit = node => {
    if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches('script, style, [role=option]')) return;
      for (const name of names) said.push(node.getAttribute(name) ?? '');
      if (node.shadowRoot) visit(node.shadowRoot);
    }
    node.childNodes.forEach(visit);
  };
  visit(root);
  return said;
}
"""
# Names, keys of the keyboard, and what a person writes in Latin letters anywhere.
LATIN = {
    *("Northbrew", "Telegram", "Enter", "Ctrl", "Alt", "Chrome", "Linux", "http"),
    *("you", "example", "com", "Anna", "Sokolova"),
}


def english_in(texts: Iterable[str]) -> set[str]:
    """Return the words in Latin letters that no Russian would write so."""
    return {
        word
        for text in texts
        for word in re.findall(r"[A-Za-z]{2,}", text)
        if word not in LATIN
    }


def own_texts(page: Page) -> str:
    """Return what the shop itself wrote for the widget, in whatever language."""
    tag = page.locator("script[data-topic]")
    return f"{tag.get_attribute('data-topic')} {tag.get_attribute('data-chips')}"


def said_in(page: Page, selector: str) -> list[str]:
    return list(page.locator(selector).evaluate(SAID))


def test_a_russian_dialog_has_no_english_word(
    make_visitor: MakeVisitor, make_operator: MakeOperator
) -> None:
    visitor = make_visitor(language="ru").comes()
    operator = make_operator(language="ru")
    said: list[str] = []

    def listen() -> None:
        said.extend(said_in(visitor.page, "#chatdesk-widget"))
        said.extend(said_in(operator.page, "#chatdesk-console"))

    listen()
    visitor.opens_chat()
    listen()
    talk(visitor, operator)
    listen()
    visitor.opens_menu()
    operator.reply.fill("")
    operator.button("close").click()
    listen()
    operator.chooses("sale")
    visitor.sees(visitor.says.pattern("rate_question"))
    listen()
    visitor.button("rate_up").click()
    operator.sees(operator.says("rated_up"))
    operator.page.get_by_role("button", name=operator.says("results")).first.click()
    listen()
    assert english_in(said) - english_in([own_texts(visitor.page)]) == set()
    # Both really said something, or the test would hold for empty pages.
    assert {"Отправить", operator.says("mine")} <= {text.strip() for text in said}


def talk(visitor: Visitor, operator: Operator) -> None:
    visitor.asks(QUESTION)
    operator.takes(QUESTION)
    visitor.writes("А какая")
    expect(operator.peek).to_be_visible()
    operator.answers(ANSWER)
    visitor.sees(ANSWER)
    operator.notes("Спрашивал уже весной.")
    operator.reply.fill("/")
    operator.reply.press("End")
    expect(operator.page.get_by_role("listbox")).to_be_visible()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_widget_and_workspace_follow_the_system(
    make_visitor: MakeVisitor, make_operator: MakeOperator, system: str
) -> None:
    visitor = make_visitor(color_scheme=system).comes().opens_chat()
    operator = make_operator(color_scheme=system)
    assert is_dark(visitor.page, "#panel") == (system == "dark")
    assert is_dark(operator.page, ".p-conv") == (system == "dark")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_shop_s_own_theme_wins_over_the_system(
    make_visitor: MakeVisitor, options: dict[str, Any]
) -> None:
    visitor = make_visitor(color_scheme="light", **options)
    visitor.page.add_init_script(
        """addEventListener('DOMContentLoaded', () => {
          document.documentElement.dataset.cdTheme = 'dark';
        })"""
    )
    visitor.comes().opens_chat()
    expect(visitor.host).to_have_attribute("data-cd-theme", "dark")
    assert is_dark(visitor.page, "#panel")


def is_dark(page: Page, selector: str) -> bool:
    """Tell whether the background is darker than the text on it."""
    lightness = page.locator(selector).first.evaluate(
        """element => {
          const style = getComputedStyle(element);
          const sum = colour => colour.match(/[\\d.]+/g).slice(0, 3)
            .reduce((total, each) => total + Number(each), 0);
          return [sum(style.backgroundColor), sum(style.color)];
        }"""
    )
    background, text = lightness
    return bool(background < text)
