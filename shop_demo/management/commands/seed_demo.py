"""Fills the demo shop. Run again, it changes nothing and takes no time."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from shop_demo.seeding.catalogue import seed_catalogue
from shop_demo.seeding.orders import seed_orders
from shop_demo.seeding.people import seed_people
from shop_demo.seeding.seed_chat import seed_chat


class Command(BaseCommand):
    help = "Fill the demo shop with products, people, orders and conversations."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run the steps in the order in which they need each other."""
        at = timezone.now()
        with transaction.atomic():
            self.tell("products", seed_catalogue())
            self.tell("people", seed_people(at=at))
            self.tell("orders", seed_orders(at=at))
        self.seed_conversations(at)

    def seed_conversations(self, at: datetime) -> None:
        """Add conversations in transactions of their own, as they happen live."""
        self.tell("conversations", seed_chat(at=at))

    def tell(self, what: str, count: int) -> None:
        """Say what a step added; a step that found all in place says nothing."""
        if count:
            self.stdout.write(f"  {count} {what} added")
            self.stdout.flush()
