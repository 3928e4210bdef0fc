"""A computer that several people use: nobody sees what the one before him wrote."""

from playwright.sync_api import expect

from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "When does my order of last week come?"


def logs_in(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/account/login/")
    page.locator("#id_username").fill("customer")
    page.locator("#id_password").fill("demo")
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/account/")


def logs_out(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/account/")
    with page.expect_navigation():
        page.locator("form[action*=logout] button").click()


def test_a_dialog_goes_with_the_customer_into_his_account_and_out_again(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    logs_in(visitor)
    visitor.comes().is_ready()
    visitor.sees(QUESTION)
    operator.takes(QUESTION)
    expect(operator.visitor).to_contain_text("customer")
    other = Visitor(visitor.page.context.new_page()).comes("/delivery/").opens_chat()
    other.sees(QUESTION)
    other.writes("My card number is")

    logs_out(visitor)

    expect(other.bubble(QUESTION)).to_have_count(0)
    expect(other.field).to_have_value("")
    visitor.comes().is_ready()
    expect(visitor.bubble(QUESTION)).to_have_count(0)

    logs_in(visitor)
    visitor.comes().is_ready()
    visitor.sees(QUESTION)
