"""Checkout, registration and login."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from shop_demo.delivery import Delivery
from shop_demo.fulfilment import Wish, returned_pieces
from shop_demo.models import Order

PHONE = RegexValidator(
    r"^[0-9+()./ \-]{5,40}$", _("A phone number has digits, spaces and + - ( ) only.")
)


class CheckoutForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to send the goods to. A parcel needs an address, collecting does not."""

    class Meta:
        model = Order
        fields = (
            *("email", "name", "phone"),
            *("delivery", "country", "address", "postcode", "city"),
            *("payment", "note"),
        )
        widgets = {
            "delivery": forms.RadioSelect,
            "payment": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
        }

    tokens = {
        "email": "email",
        "name": "name",
        "phone": "tel",
        "country": "country",
        "address": "street-address",
        "postcode": "postal-code",
        "city": "address-level2",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, token in self.tokens.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        self.fields["phone"].validators.append(PHONE)
        self.fields["phone"].help_text = _("Only for the courier. May stay empty.")
        self.fields["delivery"].choices = Delivery.choices  # type: ignore[attr-defined]
        self.fields["delivery"].initial = Delivery.POST
        payment = Order.Payment
        self.fields["payment"].choices = payment.choices  # type: ignore[attr-defined]
        self.fields["payment"].initial = payment.CARD

    def clean(self) -> dict[str, Any]:
        """Ask for the address when there is something to carry there."""
        super().clean()
        details = self.cleaned_data
        if details.get("delivery") != Delivery.PICKUP:
            for name in ("address", "postcode", "city"):
                if not details.get(name) and name not in self.errors:
                    self.add_error(name, _("We need this to deliver your parcel."))
        return details


class RefundForm(forms.Form):
    """How many pieces of each line of an order came back."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    delivery = forms.BooleanField(label=_("The delivery too"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Sent twice, the same page gives back once.
        self.fields["key"].initial = f"by-hand-{uuid4().hex[:12]}"
        self.lines = list(order.lines.all())
        for line in self.lines:
            left = line.quantity - returned_pieces(line)
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=f"{line.name} ({line.paid} €)",
                min_value=0,
                max_value=left,
                initial=0,
                disabled=not left,
                help_text=_("at most %(count)d") % {"count": left},
            )

    def wish(self, *, author: Any) -> Wish:
        """Return what the form asks for."""
        return Wish(
            key=self.cleaned_data["key"],
            pieces={
                line.pk: self.cleaned_data[f"line_{line.pk}"] for line in self.lines
            },
            with_delivery=self.cleaned_data["delivery"],
            reason=self.cleaned_data["reason"],
            author=author,
        )


class RegisterForm(forms.Form):
    """A new account. The address is the name one logs in with."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=150,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters."),
    )

    def clean_email(self) -> str:
        """Refuse an address that has an account already."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(username__iexact=email).exists():
            raise forms.ValidationError(
                _("There is an account with this address already. Please log in.")
            )
        return email

    def clean_password(self) -> str:
        """Apply the host's rules for passwords."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def save(self) -> User:
        """Make the account."""
        return User.objects.create_user(
            username=self.cleaned_data["email"],
            email=self.cleaned_data["email"],
            password=self.cleaned_data["password"],
            first_name=self.cleaned_data["name"],
        )


class LoginForm(AuthenticationForm):
    """Logs in with the address given at registration."""

    error_messages = {
        "invalid_login": _("This address and password do not belong together."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail or user name")

    def clean_username(self) -> str:
        """Addresses are kept in lower case."""
        username: str = self.cleaned_data["username"]
        return username.lower() if "@" in username else username
