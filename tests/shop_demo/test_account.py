"""Accounts: register, log in, see one's own orders and nobody else's."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from shop_demo.models import Order
from tests.shop_demo.conftest import COFFEE, GUEST, put_into_cart

NEW = {"name": "Oskar", "email": "Oskar@Example.com", "password": "long enough 7"}


def order_something(client: Client) -> Order:
    """Buy a pack of coffee."""
    put_into_cart(client, COFFEE)
    client.post("/checkout/", GUEST)
    return Order.objects.latest("pk")


def test_account_asks_to_log_in_first(client: Client) -> None:
    location = client.get("/account/").headers["Location"]
    assert location == "/account/login/?next=/account/"


def test_registration_makes_an_account_and_logs_in(client: Client) -> None:
    response = client.post("/account/register/", NEW, follow=True)
    user = User.objects.get(username="oskar@example.com")
    assert user.email == "oskar@example.com"
    assert user.is_staff is False
    assert response.context["user"] == user
    assert "No orders yet" in response.content.decode()


@pytest.mark.usefixtures("ingrid")
@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "INGRID@example.com", "There is an account with this address"),
        ("email", "nothing", "Enter a valid email address."),
        ("password", "short", "too short"),
        ("password", "password", "too common"),
        ("name", "", "This field is required."),
    ],
)
def test_registration_refuses_and_says_why(
    client: Client, field: str, value: str, reason: str
) -> None:
    response = client.post("/account/register/", {**NEW, field: value})
    assert response.status_code == 422
    assert reason in " ".join(response.context["form"].errors[field])
    assert User.objects.count() == 1


def test_login_takes_the_address_in_any_case(client: Client, ingrid: User) -> None:
    form = {"username": "Ingrid@Example.com", "password": "long enough"}
    response = client.post("/account/login/", form)
    assert response.headers["Location"] == "/account/"


def test_login_with_a_wrong_password_is_refused(client: Client, ingrid: User) -> None:
    form = {"username": ingrid.username, "password": "wrong"}
    page = client.post("/account/login/", form).content.decode()
    assert "This address and password do not belong together." in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "\\\\e"])
def test_login_never_leads_away(client: Client, ingrid: User, target: str) -> None:
    form = {"username": ingrid.username, "password": "long enough", "next": target}
    response = client.post("/account/login/", form)
    assert response.headers["Location"] == "/account/"


def test_account_lists_only_own_orders(client: Client, ingrid: User) -> None:
    foreign = order_something(Client())
    client.force_login(ingrid)
    own = order_something(client)
    page = client.get("/account/").content.decode()
    assert own.number in page
    assert foreign.number not in page


def test_order_of_somebody_else_is_not_found(client: Client, ingrid: User) -> None:
    foreign = order_something(Client())
    client.force_login(ingrid)
    own = order_something(client)
    assert client.get(f"/account/orders/{own.number}/").status_code == 200
    assert client.get(f"/account/orders/{foreign.number}/").status_code == 404
    assert client.get("/account/orders/NB-1/").status_code == 404


def test_same_address_does_not_claim_the_orders_of_a_guest(
    client: Client, ingrid: User
) -> None:
    guest = order_something(Client())
    assert guest.email == ingrid.email
    client.force_login(ingrid)
    assert guest.number not in client.get("/account/").content.decode()


def test_pages_of_orders_survive_any_number(client: Client, ingrid: User) -> None:
    client.force_login(ingrid)
    for page in ("0", "-1", "999", "x"):
        assert client.get(f"/account/?page={page}").status_code == 200
