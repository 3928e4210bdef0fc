"""The shop in the dialog: the cart as it changes, a card, an order made in the chat."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Which kettle pours slowly?"
# A headless browser calls itself one, and programs are not watched.
PERSON = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)


def test_a_cart_a_card_and_an_order_meet_in_the_dialog(
    make_visitor: MakeVisitor, operator: Operator
) -> None:
    visitor = meet(make_visitor, operator)
    see_path_grow(visitor, operator)
    see_cart_change(visitor, operator)
    send_card(visitor, operator)
    change_cart(visitor, operator)
    order_in_dialog(visitor, operator)


def meet(make_visitor: MakeVisitor, operator: Operator) -> Visitor:
    """Let a visitor ask from a product's page, with nothing in his cart."""
    visitor = make_visitor(user_agent=PERSON)
    visitor.comes("/product/fjord-ethiopia/").opens_chat().asks(QUESTION)
    operator.takes(QUESTION)
    cart = operator.visitor.locator(".cart")
    expect(cart).to_contain_text(operator.says("shop_cart_empty"))
    return visitor


def see_path_grow(visitor: Visitor, operator: Operator) -> None:
    """The visitor walks on in another tab; the operator sees where he is by now."""
    path = operator.visitor.locator(".path")
    expect(path).to_contain_text("Fjord")
    page = visitor.page.context.new_page()
    page.goto("/product/heron-gooseneck-kettle/")
    expect(path.locator(".here")).to_contain_text("Heron")
    page.goto("/search/?q=unobtainium")
    expect(operator.visitor.locator(".befell")).to_contain_text("unobtainium")
    operator.goes_to("visitors")
    expect(operator.page.locator(".live")).to_contain_text("unobtainium")
    operator.goes_to("inbox")
    page.close()


def see_cart_change(visitor: Visitor, operator: Operator) -> None:
    """The visitor's own button of the shop; the operator sees the cart."""
    page = visitor.page.context.new_page()
    page.goto("/product/fjord-ethiopia/")
    page.locator("form[action*='/cart/add/'] button").first.click()
    line = operator.visitor.locator(".cart .it").first
    expect(line).to_contain_text("Fjord")
    page.close()


def send_card(visitor: Visitor, operator: Operator) -> None:
    """P, some words, Enter: the visitor adds it and the cart page agrees."""
    operator.thread.locator("header h2").click()
    operator.page.keyboard.press("p")
    search = operator.page.get_by_role("combobox", name=operator.says("product_search"))
    search.fill("heron")
    expect(operator.page.locator(".ps .op").first).to_contain_text("Heron")
    search.press("Enter")
    card = visitor.log.locator(".pc").first
    expect(card).to_contain_text("Heron")
    card.get_by_role("button", name=visitor.says("shop_add")).click()
    added = card.get_by_role("link", name=re.compile(visitor.says("shop_added")))
    expect(added).to_be_visible()
    expect(operator.visitor.locator(".cart")).to_contain_text("Heron")
    expect(operator.log.locator(".pcx .incart")).to_be_visible()

    page = visitor.page.context.new_page()
    page.goto("/cart/")
    expect(page.locator("main")).to_contain_text("Heron")
    total = operator.visitor.locator(".cart h3 b").inner_text()
    expect(page.locator("main")).to_contain_text(total)
    page.close()


def change_cart(visitor: Visitor, operator: Operator) -> None:
    """The operator adds a piece; the thread says so, and the shop's page has it."""
    badge = visitor.page.locator("[data-cart] .count")
    expect(badge).to_have_text("2")
    cart = operator.visitor.locator(".cart")
    cart.get_by_role("button", name=operator.says("cart_change")).click()
    more = operator.says.pattern("order_more")
    cart.get_by_role("button", name=more).first.click()
    expect(badge).to_have_text("3")
    expect(visitor.log.locator(".sys").last).to_contain_text("changed your cart")
    operator.sees("changed the visitor's cart")
    cart.get_by_role("button", name=operator.says("cart_done")).click()


def order_in_dialog(visitor: Visitor, operator: Operator) -> None:
    """The operator proposes what is in the cart, the visitor confirms it.

    A coupon lies in the cart: what he confirms is what the checkout would ask for.
    """
    asked = ask_checkout(visitor)
    operator.visitor.get_by_role("button", name=operator.says("order_build")).click()
    propose = operator.visitor.get_by_role(
        "button", name=operator.says("order_propose")
    )
    expect(propose).to_be_enabled()
    propose.click()
    offer = visitor.log.locator(".oc")
    confirm = offer.get_by_role("button", name=f"Order for {asked}", exact=True)
    expect(confirm).to_be_visible()
    for name, text in {
        "email": "ingrid.shop@example.com",
        "name": "Ingrid Dahl",
        "address": "Linnankatu 1",
        "postcode": "20100",
        "city": "Turku",
    }.items():
        offer.locator(f"[name={name}]").fill(text)
    confirm.click()
    expect(offer.get_by_role("link", name=visitor.says("shop_open"))).to_be_visible()
    expect(operator.log).to_contain_text("The visitor ordered: NB-")
    expect(operator.visitor.locator(".ord").first).to_contain_text("NB-")
    expect(operator.visitor.locator(".cart .it")).to_have_count(0)


def ask_checkout(visitor: Visitor) -> str:
    """Give in a coupon; return the total that the checkout shows."""
    page = visitor.page.context.new_page()
    page.goto("/cart/")
    coupon = page.locator("form.coupon")
    coupon.locator("input[name=code]").fill("HELLO10")
    coupon.get_by_role("button").click()
    expect(coupon).to_contain_text("HELLO10")
    page.goto("/checkout/")
    expect(page.locator("dd.less")).to_be_visible()
    total = page.locator("dd[data-sum=total]").inner_text()
    page.close()
    return total
