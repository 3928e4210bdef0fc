"""A stocked shop, and a mail folder of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from shop_demo.models import Product
from shop_demo.seeding.catalogue import seed_catalogue

KETTLE = "heron-gooseneck-kettle"
COFFEE = "fjord-ethiopia"
SOLD_OUT = "pebble-travel-grinder"

GUEST = {
    "email": "ingrid@example.com",
    "name": "Ingrid Dahl",
    "phone": "+358 40 123 4567",
    "delivery": "post",
    "country": "FI",
    "address": "Kauppakatu 12 B",
    "postcode": "20100",
    "city": "Turku",
    "payment": "on_delivery",
    "note": "",
}


@pytest.fixture(scope="session")
def stocked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Fill the shelves once: each test gives back what it took."""
    with django_db_blocker.unblock():
        seed_catalogue()


@pytest.fixture(autouse=True)
def catalogue(stocked: None, db: None) -> None:
    """Every journey finds the products of the demo, also after one that wiped all."""
    if not Product.objects.exists():
        seed_catalogue()


@pytest.fixture
def kettle() -> Product:
    return Product.objects.get(slug=KETTLE)


@pytest.fixture
def coffee() -> Product:
    return Product.objects.get(slug=COFFEE)


@pytest.fixture
def ingrid() -> User:
    return User.objects.create_user(
        "ingrid@example.com", "ingrid@example.com", "long enough", first_name="Ingrid"
    )


@pytest.fixture
def outbox_folder(settings: Settings, tmp_path: Path) -> Path:
    """Write mails into a folder and let the pages show it, as the demo does."""
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    folder = tmp_path / "outbox"
    settings.EMAIL_FILE_PATH = folder
    return folder


def put_into_cart(client: Client, slug: str, *, quantity: int = 1) -> None:
    """Add a product the way its page does."""
    client.post(f"/cart/add/{slug}/", {"quantity": quantity})


@pytest.fixture(autouse=True)
def _language_of_nobody() -> Iterator[None]:
    """Forget the language of the last page: a request leaves it to its thread."""
    yield
    translation.deactivate()
