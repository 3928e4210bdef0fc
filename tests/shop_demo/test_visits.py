"""The demo shop tells the chat what its visitors look at and what befalls them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from chatdesk.models import ShopEvent, Visit
from chatdesk.services.visits import flush_visits
from shop_demo.models import Product
from tests.shop_demo.conftest import COFFEE, GUEST, KETTLE, SOLD_OUT
from tests.visiting import IPHONE

Journey = Callable[[], Visit]


@pytest.fixture
def guest(settings: Settings) -> Client:
    settings.CHATDESK = {**settings.CHATDESK, "TRACKING": "notice"}
    return Client(headers={"User-Agent": IPHONE})


def visited() -> Visit:
    """Write what waits; return the one visit there is."""
    flush_visits(at=timezone.now())
    return Visit.objects.get()


def kinds(visit: Visit) -> set[str]:
    return set(visit.events.values_list("kind", flat=True))


def test_pages_are_shown_as_objects(guest: Client, kettle: Product) -> None:
    guest.get("/")
    guest.get(f"/shop/{kettle.category.slug}/")
    guest.get(f"/product/{KETTLE}/")
    guest.get("/delivery/")

    path = list(visited().path.order_by("at").values_list("kind", "title"))
    assert path[:3] == [
        ("home", "Home"),
        ("category", str(kettle.category.name)),
        ("product", str(kettle.name)),
    ]
    assert path[3][0] == ""
    assert "Delivery" in path[3][1]


def test_a_search_is_told_with_its_hits(guest: Client) -> None:
    guest.get("/search/?q=kettle")
    guest.get("/search/?q=zzzz")

    visit = visited()
    found, nothing = ShopEvent.objects.order_by("at")
    assert (found.kind, found.words) == ("searched", "kettle")
    assert found.number
    assert (nothing.kind, nothing.number) == ("found_nothing", 0)
    assert visit.page_kind == "search"


def test_a_cart_keeps_the_visit_and_tells_its_worth(guest: Client) -> None:
    guest.get(f"/product/{COFFEE}/")
    guest.post(f"/cart/add/{COFFEE}/", {"quantity": 2})
    guest.get("/cart/")

    visit = visited()
    assert visit.pages == 2
    assert (visit.cart_pieces, visit.cart_currency) == (2, "EUR")
    assert visit.cart_total == 2 * Product.objects.get(slug=COFFEE).price


def test_what_is_sold_out_is_told(guest: Client) -> None:
    guest.get(f"/product/{SOLD_OUT}/")

    assert kinds(visited()) == {"sold_out"}


def test_a_refused_checkout_tells_the_names_of_its_fields_only(guest: Client) -> None:
    guest.post(f"/cart/add/{COFFEE}/", {"quantity": 1})
    guest.get("/checkout/")
    guest.post("/checkout/", {**GUEST, "email": "not an address", "postcode": ""})

    visit = visited()
    event = visit.events.get(kind="form_error")
    assert "email" in event.data["fields"]
    assert "not an address" not in str(ShopEvent.objects.values().get(pk=event.pk))


def test_an_order_empties_the_cart_of_the_visit(guest: Client) -> None:
    guest.post(f"/cart/add/{COFFEE}/", {"quantity": 1})
    guest.get("/checkout/")
    guest.post("/checkout/", GUEST, follow=True)

    visit = visited()
    assert (visit.cart_pieces, visit.page_kind) == (0, "order")
