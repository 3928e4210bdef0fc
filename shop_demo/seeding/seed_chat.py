"""A month of believable conversations, made through chatdesk's public surface."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from chatdesk.integration import (
    describe_storefront,
    enrol_operator,
    has_dialogs,
    import_dialogs,
    import_presence,
    keep_canned_reply,
    keep_department,
)
from shop_demo.models import Product
from shop_demo.seeding.chat_history import Page, Scene, draw_history, load_scripts
from shop_demo.seeding.chat_rota import draw_stretches, past_presence, stay_late
from shop_demo.seeding.people import CUSTOMERS, STAFF
from shop_demo.seeding.seed_sales import seed_sales
from shop_demo.seeding.seed_visits import seed_visits

DAYS = 30
SEED = 1108

TITLES = ("Coffee gear", "Beans and brewing", "Head of customer care")
DEPARTMENT = "Beans and brewing"
DEPARTMENT_CATEGORIES = ("coffee", "brewers")
"""Who asks on the page of such a product comes to those who know it."""

TOPIC = gettext_noop("coffee and everything to brew it")
CHIPS = (
    gettext_noop("Which grinder should I get?"),
    gettext_noop("How long does delivery take?"),
    gettext_noop("Can I return an opened box?"),
)


def seed_chat(*, at: datetime) -> int:
    """Add the history of conversations when there is none; return how many.

    Called last, when products, people and orders exist.
    """
    if has_dialogs():
        return 0
    operators = enrol_staff()
    describe_storefront(name="Northbrew", topic=TOPIC, chips=CHIPS)
    for reply in load_scripts()["canned"]:
        keep_canned_reply(**reply)
    keep_department(
        name=DEPARTMENT,
        operator_ids=list(operators)[1:],
        rules=[{"category": category} for category in DEPARTMENT_CATEGORIES],
    )
    dice = random.Random(SEED)  # noqa: S311 - the same month at every start.
    today = timezone.localtime(at, timezone.get_default_timezone()).date()
    days = [today - timedelta(days=DAYS - number) for number in range(DAYS + 1)]
    rota = draw_stretches(dice, operator_ids=list(operators), days=days)
    stretches = stay_late(rota, at=at)
    scene = Scene(
        dice=dice,
        pages=list_pages(),
        people=CUSTOMERS,
        operators=operators,
        stretches=stretches,
    )
    import_presence(past_presence(stretches, at=at))
    history = draw_history(scene, days=days, at=at)
    number = import_dialogs(history, at=at)
    sales = seed_sales(history, at=at)
    seed_visits(scene.pages, history, orders=sales, at=at)
    return number


def enrol_staff() -> dict[int, str]:
    """Give the staff their cards; return their names by the operators' ids."""
    operators = {}
    for member, title in zip(STAFF, TITLES, strict=True):
        user = User.objects.get(username=member.username)
        name = f"{member.first_name} {member.last_name}"
        with find_portrait(member.portrait).open("rb") as portrait:
            pk = enrol_operator(
                user_id=user.pk, name=name, title=title, photo=File(portrait)
            )
        operators[pk] = name
    return operators


def find_portrait(place: str) -> Path:
    """Return where a picture of the shop's static files lies."""
    return Path(settings.BASE_DIR) / "static" / place


def list_pages() -> list[Page]:
    """Return the products' pages in both languages, as a browser would name them."""
    pages = []
    for product in Product.objects.select_related("category"):
        with override("en"):
            path = product.get_absolute_url()
        pages.append(
            Page(
                key=product.slug,
                category=product.category.slug,
                names={"en": product.name_en, "ru": product.name_ru},
                price=f"€{product.price}",
                url=f"https://northbrew.example{path}",
            )
        )
    return pages
