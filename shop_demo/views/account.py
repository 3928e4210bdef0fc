"""The buyer's account: registration, login, own orders."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shop_demo.forms import LoginForm, RegisterForm
from shop_demo.models import Order

PER_PAGE = 10


class Login(LoginView):
    """The login page; whoever is in already goes to his orders."""

    template_name = "shop/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make an account and log in to it."""
    if request.user.is_authenticated:
        return redirect("shop:orders")
    form = RegisterForm(request.POST or None)
    if form.is_valid():
        user = make_account(form)
        if user is not None:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("shop:orders")
    status = 422 if form.errors else 200
    return render(request, "shop/register.html", {"form": form}, status=status)


@never_cache
@require_safe
@login_required
def orders(request: HttpRequest) -> HttpResponse:
    """List the buyer's own orders, newest first."""
    own = Order.objects.filter(user=own_account(request)).prefetch_related(
        "lines__product"
    )
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "shop/orders.html", {"page": page})


@never_cache
@require_safe
@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one of the buyer's own orders."""
    own = get_object_or_404(Order, user=own_account(request), number=number)
    context = {"order": own, "lines": own.lines.select_related("product")}
    return render(request, "shop/order.html", context)


def make_account(form: RegisterForm) -> User | None:
    """Save the account, or say in the form that somebody was faster."""
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        form.add_error(
            "email", _("There is an account with this address already. Please log in.")
        )
        return None


def own_account(request: HttpRequest) -> User:
    """Return who is logged in, which ``login_required`` has made sure of."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
