"""What rules may ask about a question, whatever the shop's own code does."""

import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

import pytest

from chatdesk.models import RoutingRule, Visit
from chatdesk.selectors import routing_facts
from chatdesk.selectors.routing import Route, active_rules, pick_route, route_of
from chatdesk.selectors.routing_facts import Facts, ask_at_once, facts_of
from chatdesk.shop.adapter import ShopAdapter
from chatdesk.shop.guard import forget_troubles
from chatdesk.shop.pages import Page
from chatdesk.shop.types import Product
from tests.chatdesk.services.desks import ASKED, SECOND, ask

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

KNOWN = {"page": "/kettle", "language": "en"}
HERON = Product(
    ref="heron", name="Heron", price=Decimal(9), currency="EUR", group="kettles"
)
LUND = Product(ref="lund", name="Lund", price=Decimal(9), currency="EUR", group="pots")


@pytest.fixture(autouse=True)
def patient():
    """Let every test ask a shop that nobody has asked before."""
    forget_troubles()
    ask_at_once()


@dataclass
class Told:
    """What a shop tells, in whatever shape its developer chose."""

    category: object = ""
    cart_total: object = None
    customer_group: object = ""
    currency: str = "EUR"


TOLD = Told()


class Shop(ShopAdapter):
    """A shop that tells what the test says, or fails."""

    told: ClassVar[object] = Told()
    asked: ClassVar[list[object]] = []

    goods: ClassVar[object] = ()
    pages: ClassVar[object] = None

    def routing_facts(self, shopper):
        """Tell what the test says."""
        self.asked.append(shopper)
        return say(self.told)

    def page_at(self, path):
        """Tell what the test says of the page, else what its view says."""
        return say(self.pages) or super().page_at(path)

    def get_products(self, refs, *, shopper):
        """Tell of the goods of the test."""
        return say(self.goods)


def say(told):
    """Return what the shop says, or raise it."""
    if isinstance(told, Exception):
        raise told
    return told


@pytest.fixture
def shop(settings, monkeypatch):
    """Let the shop answer; return how to say what."""
    settings.CHATDESK = {"SHOP_ADAPTER": f"{__name__}.Shop"}
    monkeypatch.setattr(Shop, "asked", [])

    def tell(told=TOLD, *, goods=(), pages=None):
        monkeypatch.setattr(Shop, "told", told)
        monkeypatch.setattr(Shop, "goods", goods)
        monkeypatch.setattr(Shop, "pages", pages)

    return tell


def test_the_facts_of_a_question_are_its_page_and_its_language():
    assert facts_of(ask()) == Facts(**KNOWN)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://[", ""),
        ("https://[::1/kettles", ""),
        ("https://shop.example/kettles/?page=2#top", "/kettles/"),
        ("https://shop.example", ""),
        ("", ""),
        ("/kettles/heron", "/kettles/heron"),
        ("javascript:alert(1)", "alert(1)"),
        ("https://shop.example/чайники/", "/чайники/"),
    ],
)
def test_of_an_address_only_the_path_counts(url, path):
    conversation = ask()
    conversation.visitor.page_url = url
    assert facts_of(conversation).page == path


def test_a_dialog_without_a_language_has_that_of_its_visitor():
    conversation = ask()
    conversation.language = ""
    conversation.visitor.language = "ru-RU"
    assert facts_of(conversation).language == "ru-RU"


def test_the_shop_tells_of_category_cart_and_customer(shop):
    shop(Told(category="Mills", cart_total=Decimal("99.50"), customer_group="VIP"))
    assert facts_of(ask()) == Facts(
        **KNOWN,
        category="Mills",
        cart_total=Decimal("99.50"),
        customer_group="VIP",
    )


def test_the_shop_is_asked_about_this_visitor_and_nobody_else(shop):
    shop(Told())
    conversation = ask()
    facts_of(conversation)
    (shopper,) = Shop.asked
    assert shopper.visitor == conversation.visitor.public_id.hex
    assert shopper.user_id is None


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(None, id="nothing at all"),
        pytest.param(RuntimeError("The shop is down"), id="an error"),
        pytest.param(object(), id="an object without fields"),
        pytest.param("vip", id="a word"),
        pytest.param(Told(cart_total="a lot"), id="a cart that is no number"),
        pytest.param(Told(cart_total=object()), id="a cart that is an object"),
        pytest.param(Told(cart_total=Decimal("NaN")), id="a cart without a value"),
        pytest.param(Told(cart_total=float("inf")), id="a cart without an end"),
    ],
)
def test_a_shop_that_tells_nonsense_tells_nothing(shop, told, caplog):
    shop(told)
    RoutingRule.objects.create(name="rich", cart_from=10, head_start=60)
    RoutingRule.objects.create(name="vip", customer_group="vip", head_start=60)
    facts = facts_of(ask())
    assert facts == Facts(**KNOWN)
    assert pick_route(active_rules(), facts) == Route()
    assert "The shop's adapter failed: routing_facts" in caplog.text


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        (Told(customer_group=None), {}),
        (Told(category=None), {}),
        (Told(cart_total=120), {"cart_total": Decimal(120)}),
        (Told(cart_total=99.5), {"cart_total": Decimal("99.5")}),
        (Told(cart_total="100.00"), {"cart_total": Decimal("100.00")}),
        (Told(cart_total=0), {"cart_total": Decimal(0)}),
    ],
)
def test_a_shop_may_be_loose_with_types(shop, told, facts):
    shop(told)
    assert facts_of(ask()) == Facts(**KNOWN, **facts)


# The category


def seen(conversation, *, path="/kettle", kind="product", ref="heron", at=ASKED):
    Visit.objects.create(
        visitor=conversation.visitor,
        begun_at=at,
        seen_at=at,
        page_path=path,
        page_kind=kind,
        page_ref=ref,
    )


def test_the_category_is_that_of_the_product_on_whose_page_somebody_asks(shop):
    shop(goods=[LUND, HERON], pages=Page("product", "heron"))
    assert facts_of(ask()).category == "kettles"


def test_a_page_of_a_category_names_it_itself(shop):
    shop(goods=RuntimeError("Not asked"), pages=Page("category", "mills"))
    assert facts_of(ask()).category == "mills"


def test_what_the_shop_says_by_itself_goes_before_the_page(shop):
    shop(Told(category="gifts"), goods=[HERON], pages=Page("product", "heron"))
    assert facts_of(ask()).category == "gifts"


def test_what_the_view_said_of_the_visits_page_goes_before_its_address(shop):
    shop(goods=[LUND, HERON], pages=Page("product", "lund"))
    conversation = ask()
    seen(conversation, ref="lund", at=ASKED - SECOND)
    seen(conversation, ref="heron")
    assert facts_of(conversation).category == "kettles"


def test_a_visit_that_went_on_to_another_page_says_nothing_of_this_one(shop):
    shop(goods=[HERON])
    conversation = ask()
    seen(conversation, path="/another")
    assert facts_of(conversation).category == ""


@pytest.mark.parametrize(
    ("goods", "pages"),
    [
        pytest.param([HERON], None, id="a page that says nothing"),
        pytest.param([HERON], Page("product"), id="a product without a name"),
        pytest.param([HERON], Page("cart", "heron"), id="a page of another kind"),
        pytest.param([LUND], Page("product", "heron"), id="another product"),
        pytest.param(None, Page("product", "heron"), id="no products"),
    ],
)
def test_without_a_product_there_is_no_category(shop, goods, pages):
    shop(Told(customer_group="VIP"), goods=goods, pages=pages)
    assert facts_of(ask()) == Facts(**KNOWN, customer_group="VIP")


@pytest.mark.parametrize(
    "broken",
    [
        {"goods": RuntimeError("down"), "pages": Page("product", "heron")},
        {"pages": RuntimeError("down")},
        {"pages": "/heron"},
        {"goods": ["heron"], "pages": Page("product", "heron")},
    ],
)
def test_a_catalogue_that_fails_costs_the_category_and_nothing_else(
    shop, broken, caplog
):
    shop(Told(customer_group="VIP"), **broken)
    assert facts_of(ask()) == Facts(**KNOWN, customer_group="VIP")
    assert "The shop's adapter failed: page_at" in caplog.text


def test_a_rule_by_category_sends_the_question(shop):
    shop(goods=[HERON], pages=Page("product", "heron"))
    RoutingRule.objects.create(name="k", category="Kettles", head_start=60)
    RoutingRule.objects.create(name="m", category="mills", head_start=600)
    assert route_of(ask()) == Route(head_start=60)


# When the shop is asked


def test_the_shop_is_asked_only_for_what_a_rule_asks(shop):
    shop()
    RoutingRule.objects.create(name="page", page="/kettle*", head_start=60)
    RoutingRule.objects.create(name="off", category="mills", is_active=False)
    assert route_of(ask()) == Route(head_start=60)
    assert Shop.asked == []
    RoutingRule.objects.create(name="cart", cart_below=10, head_start=60)
    route_of(ask())
    assert len(Shop.asked) == 1


def test_a_shop_that_is_too_slow_is_left_in_peace_for_a_while(
    shop, settings, monkeypatch
):
    settings.CHATDESK = {**settings.CHATDESK, "SHOP_WAIT": timedelta()}
    shop(Told(customer_group="VIP"))
    facts_of(ask())
    number = len(Shop.asked)
    assert facts_of(ask()) == Facts(**KNOWN)
    assert len(Shop.asked) == number
    later = time.monotonic() + routing_facts.REST_S + 1
    monkeypatch.setattr(routing_facts.time, "monotonic", lambda: later)
    facts_of(ask())
    assert len(Shop.asked) == number + 1
