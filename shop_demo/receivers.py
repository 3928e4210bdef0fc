"""What the shop does when somebody logs in."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from shop_demo.carts import adopt_cart


@receiver(user_logged_in, dispatch_uid="shop_demo.adopt_cart")
def bring_cart_along(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Keep what was put into the cart before logging in."""
    adopt_cart(request, user=user)
