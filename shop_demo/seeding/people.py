"""Makes the people of the demo: consultants, a manager and customers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User

PASSWORD = "demo"  # noqa: S105 - printed at every start of the demo.

OPERATOR_GROUP = "Operator"
MANAGER_GROUP = "Manager"
SHOP_GROUP = "Shop"


@dataclass(frozen=True)
class Member:
    """Somebody who works at the shop."""

    username: str
    first_name: str
    last_name: str
    group: str
    portrait: str


STAFF = (
    Member("operator", "Anna", "Sokolova", OPERATOR_GROUP, "shop/people/anna.png"),
    Member("operator2", "Dmitry", "Orlov", OPERATOR_GROUP, "shop/people/dmitry.png"),
    Member("manager", "Maria", "Klein", MANAGER_GROUP, "shop/people/maria.png"),
)

CUSTOMER = "customer"
"""The customer whose account the demo's visitor may open."""

CUSTOMERS = (
    *("Ingrid Dahl", "Oskar Lind", "Elina Virtanen", "Jonas Weber", "Kadri Tamm"),
    *("Ольга Смирнова", "Mikko Laine", "Sara Holm", "Илья Громов", "Liis Saar"),
    *("Pieter de Vries", "Nora Berg", "Antti Korhonen", "Дарья Волкова"),
    *("Marta Ozola", "Lukas Braun", "Tuuli Niemi", "Артём Лебедев", "Freja Lund"),
    *("Jānis Kalniņš", "Hanna Koskinen", "Emil Vogel", "Полина Орехова"),
    *("Rasa Petraitė", "Ville Heikkinen", "Clara Jansen", "Сергей Белов"),
    *("Aino Salmi", "Maarten Bakker", "Ieva Liepa", "Юлия Крылова", "Otto Seppälä"),
)


def seed_people(*, at: datetime) -> int:
    """Add the missing accounts with one password; return how many were added."""
    known = set(User.objects.values_list("username", flat=True))
    missing = [user for user in all_people(at) if user.username not in known]
    if missing:
        # Deriving a password is slow on purpose, so one is derived for all.
        password = make_password(PASSWORD)
        for user in missing:
            user.password = password
        User.objects.bulk_create(missing)
        seed_groups()
    return len(missing)


def all_people(at: datetime) -> list[User]:
    """List every account of the demo, unsaved."""
    staff = [
        User(
            username=member.username,
            email=f"{member.username}@northbrew.example",
            first_name=member.first_name,
            last_name=member.last_name,
            is_staff=member.group == MANAGER_GROUP,
            date_joined=at - timedelta(days=400),
        )
        for member in STAFF
    ]
    customers = []
    for number, full_name in enumerate(CUSTOMERS):
        first, _space, last = full_name.partition(" ")
        username = CUSTOMER if number == 0 else f"customer{number}@example.com"
        customers.append(
            User(
                username=username,
                email=f"customer{number}@example.com",
                first_name=first,
                last_name=last,
                date_joined=at - timedelta(days=90 + 7 * number),
            )
        )
    return staff + customers


def seed_groups() -> None:
    """Put the staff into their groups; the manager may also edit the shop."""
    for member in STAFF:
        group, _made = Group.objects.get_or_create(name=member.group)
        user = User.objects.get(username=member.username)
        user.groups.add(group)
        # Who answers also makes orders in the dialog, and changes carts.
        group.permissions.add(
            *Permission.objects.filter(
                codename__in=("add_order", "change_cart"),
                content_type__app_label="shop_demo",
            )
        )
        if member.group == MANAGER_GROUP:
            shop, _made = Group.objects.get_or_create(name=SHOP_GROUP)
            shop.permissions.set(
                Permission.objects.filter(content_type__app_label="shop_demo")
            )
            user.groups.add(shop)
