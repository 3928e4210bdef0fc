"""Operators' cards: a small photo, a capacity, and an end that keeps the history."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from chatdesk.models import Operator
from tests.factories import bring_online, make_conversation, make_operator

LIST = "/admin/chatdesk/operator/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def make_photo() -> SimpleUploadedFile:
    """Make a photo as a phone would: large, lying on its side, with its place."""
    picture = Image.new("RGB", (1200, 800), "navy")
    picture.paste("red", (0, 0, 600, 800))  # What is left here is above in truth.
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x8825] = {1: "N", 2: (60.0, 27.0, 0.0)}
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_0001.jpg", out.getvalue(), "image/jpeg")


def card(**fields: object) -> dict[str, object]:
    """Return the form of a card."""
    return {"name": "Anna", "title": "", "capacity": 5, "is_active": "on", **fields}


def save(client: Client, operator: Operator, **fields: object) -> str:
    """Save a card; return the page if it was refused, else nothing."""
    response = client.post(f"{LIST}{operator.pk}/change/", card(**fields))
    operator.refresh_from_db()
    return response.content.decode() if response.status_code == 200 else ""


def test_a_photo_is_stored_small_square_and_without_its_place(
    manager: Client, own_media: Path
) -> None:
    operator = make_operator()

    assert save(manager, operator, photo=make_photo()) == ""

    with Image.open(operator.photo.path) as photo:
        assert photo.format == "WEBP"
        assert photo.size == (192, 192)
        assert not photo.getexif()
        above, below = photo.getpixel((96, 20)), photo.getpixel((96, 170))
        assert above[0] > 200
        assert above[2] < 60
        assert below[0] < 60
        assert below[2] > 90
    assert operator.photo.size < 12_000
    assert "IMG_0001" not in operator.photo.name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cat.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("photo.jpg", b"not a photo at all"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 30),
    ],
)
def test_what_is_no_photo_is_refused(
    manager: Client, name: str, content: bytes
) -> None:
    operator = make_operator()

    page = save(manager, operator, photo=SimpleUploadedFile(name, content))

    assert "errorlist" in page
    assert not operator.photo


def test_a_photo_of_too_many_pixels_is_refused(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.services.photos.MOST_PIXELS", 900_000)
    operator = make_operator()

    page = save(manager, operator, photo=make_photo())

    assert "This photo has too many pixels." in page
    assert not operator.photo


def test_saving_a_card_keeps_its_photo(manager: Client) -> None:
    operator = make_operator()
    save(manager, operator, photo=make_photo())
    before = operator.photo.name

    save(manager, operator, name="Anna S.")

    assert operator.name == "Anna S."
    assert operator.photo.name == before


@pytest.mark.parametrize("capacity", ["0", "51", "-1", "x"])
def test_a_capacity_out_of_range_is_refused(manager: Client, capacity: str) -> None:
    operator = make_operator()

    assert "errorlist" in save(manager, operator, capacity=capacity)
    assert operator.capacity == 5


def test_the_list_says_who_is_there(manager: Client) -> None:
    anna = make_operator(name="Anna", capacity=4)
    make_operator(name="Dmitry")
    bring_online(anna)
    make_conversation(operator=anna, entries=[("visitor", "Hi"), ("operator", "Yes")])

    page = manager.get(LIST).content.decode()

    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    of_anna = next(row for row in rows if ">Anna<" in row)
    of_dmitry = next(row for row in rows if ">Dmitry<" in row)
    assert "cd-dot cd-online" in of_anna
    assert "1/4" in of_anna
    assert "cd-dot cd-offline" in of_dmitry


def test_a_card_is_given_to_those_who_may_answer(manager: Client) -> None:
    users = get_user_model().objects
    newcomer = users.create_user(username="newcomer")
    newcomer.groups.add(Group.objects.get(name="Operator"))
    users.create_user(username="shopper")
    veteran = make_operator().user.get_username()

    form = manager.get(LIST + "add/").content.decode()

    choices = re.findall(r"<option[^>]*>([^<]+)</option>", form)
    assert "newcomer" in choices
    assert "shopper" not in choices
    assert veteran not in choices

    manager.post(LIST + "add/", card(user=newcomer.pk, name="Nora"))
    assert Operator.objects.get(user=newcomer).name == "Nora"


def test_a_card_stays_with_its_user(manager: Client) -> None:
    operator = make_operator()
    other = get_user_model().objects.create_user(username="other")

    save(manager, operator, user=other.pk)

    assert operator.user.get_username() != "other"


def test_whoever_leaves_is_made_inactive_and_never_deleted(manager: Client) -> None:
    operator = make_operator()

    assert manager.post(f"{LIST}{operator.pk}/delete/").status_code == 403
    page = manager.post(
        LIST,
        {"action": "deactivate", "_selected_action": [operator.pk]},
        follow=True,
    )

    operator.refresh_from_db()
    assert operator.is_active is False
    assert "1 operator cannot answer any more." in page.content.decode()


def test_staff_without_the_permission_cannot_touch_cards(clerk: Client) -> None:
    operator = make_operator()

    assert clerk.get(LIST).status_code == 403
    assert clerk.post(f"{LIST}{operator.pk}/change/", card()).status_code == 403
