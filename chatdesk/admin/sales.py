"""Sales: credits with their reasons, plans, the ledger, and the closing of months."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chatdesk import clock
from chatdesk.admin.base import ModelAdmin, ReadOnlyAdmin
from chatdesk.admin.ledger_export import to_csv, to_xlsx
from chatdesk.admin.wording import explain_credit, explain_plan, say_span
from chatdesk.errors import Invalid
from chatdesk.models import (
    CommissionPlan,
    LedgerLine,
    LedgerMonth,
    Operator,
    SaleCredit,
)
from chatdesk.services.commission import adjust_commission
from chatdesk.services.ledger import close_month

ADJUST = "chatdesk.adjust_ledger"


class SalesPages(ModelAdmin):
    """What the pages of sales have in common: their look, and a plain heading."""

    class Media:
        css = {"all": ["chatdesk/admin/pages.css"]}

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """Head the list by its name rather than by what to do with it."""
        heading = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**heading, **(extra_context or {})})


@admin.register(CommissionPlan)
class CommissionPlanAdmin(SalesPages):
    list_display = (
        *("name", "rate", "operator", "department", "product_group"),
        *("priority", "span", "is_active"),
    )
    list_filter = ("is_active", "basis")
    list_select_related = ("operator", "department")

    @admin.display(description=_("percent"), ordering="percent")
    def rate(self, plan: CommissionPlan) -> str:
        return explain_plan(plan)

    @admin.display(description=_("valid"), ordering="valid_from")
    def span(self, plan: CommissionPlan) -> str:
        return say_span(plan.valid_from, plan.valid_to)


@admin.register(SaleCredit)
class SaleCreditAdmin(SalesPages, ReadOnlyAdmin):
    list_display = ("order", "operator", "sum", "why", "conversation", "placed")
    list_filter = ("operator", "rule", "order__placed_at", "order__is_void")
    list_select_related = ("order", "operator", "conversation")
    search_fields = ("order__number",)
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        *("order", "operator", "sum", "why", "conversation"),
        *("answered_at", "credited_at"),
    )

    @admin.display(description=_("amount"), ordering="amount")
    def sum(self, credit: SaleCredit) -> str:
        return f"{credit.amount} {credit.order.currency}"

    @admin.display(description=_("why"))
    def why(self, credit: SaleCredit) -> str:
        return explain_credit(credit)

    @admin.display(description=_("placed"), ordering="order__placed_at")
    def placed(self, credit: SaleCredit) -> Any:
        return credit.order.placed_at


capitalised = lazy(capfirst, str)


class AdjustmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A sum for or against an operator, with the reason that he will read."""

    operator = forms.ModelChoiceField(
        Operator.objects.all(), label=capitalised(_("operator"))
    )
    amount = forms.DecimalField(
        label=capitalised(_("amount")),
        max_digits=12,
        decimal_places=2,
        help_text=_("Below zero takes off."),
    )
    reason = forms.CharField(
        label=capitalised(_("reason")),
        max_length=300,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )

    class Meta:
        model = LedgerLine
        fields = ("operator", "amount", "reason")

    def clean_amount(self) -> Decimal:
        """Take a sum of nothing for one that was not given."""
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            required = self.fields["amount"].error_messages["required"]
            raise forms.ValidationError(required, code="required")
        return amount


class WhenFilter(admin.DateFieldListFilter):
    """The moment of a line, by a name that people say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("date")


@admin.register(LedgerLine)
class LedgerLineAdmin(SalesPages, ReadOnlyAdmin):
    form = AdjustmentForm
    actions = ("export_csv", "export_xlsx")
    list_display = ("date", "operator", "what", "sum", "order", "month", "why")
    list_filter = ("month", "operator", "kind", "currency", ("at", WhenFilter))
    list_select_related = ("month", "operator", "credit__order", "author")
    search_fields = ("credit__order__number", "reason")
    ordering = ("-pk",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return request.user.has_perm(ADJUST)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Head the form by what it adds: everything else comes of orders."""
        heading = {"title": _("Add an adjustment")}
        return super().add_view(request, form_url, {**heading, **(extra_context or {})})

    def get_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("operator", "amount", "reason")
        return (
            *("at", "month", "operator", "kind", "sum", "percent"),
            *("order", "plan", "reason", "author"),
        )

    @admin.display(description=_("date"), ordering="at")
    def date(self, line: LedgerLine) -> str:
        return date_format(timezone.localtime(line.at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("what"), ordering="kind")
    def what(self, line: LedgerLine) -> str:
        kind = line.get_kind_display()
        return (
            kind if line.percent is None else f"{kind}, {line.percent.normalize():f}%"
        )

    @admin.display(description=_("amount"), ordering="amount")
    def sum(self, line: LedgerLine) -> str:
        return f"{line.amount} {line.currency}"

    @admin.display(description=pgettext_lazy("of the shop", "order"))
    def order(self, line: LedgerLine) -> str:
        return "" if line.credit is None else str(line.credit.order)

    @admin.display(description=_("reason"))
    def why(self, line: LedgerLine) -> str:
        if line.author is None:
            return line.reason
        return f"{line.reason} ({line.author.get_username()})"

    def save_model(
        self, request: HttpRequest, obj: LedgerLine, form: Any, _change: Any
    ) -> None:
        """Write the adjustment by the ledger's own rules, in the author's name."""
        made = adjust_commission(
            operator_id=form.cleaned_data["operator"].pk,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            author_id=request.user.pk or 0,
            at=clock.now(),
        )
        obj.pk = made.pk

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_csv(
        self, _request: HttpRequest, lines: QuerySet[LedgerLine]
    ) -> HttpResponse:
        return to_csv(lines)

    @admin.action(description=_("Export as XLSX"), permissions=["view"])
    def export_xlsx(
        self, request: HttpRequest, lines: QuerySet[LedgerLine]
    ) -> HttpResponse | None:
        made = to_xlsx(lines)
        if made is None:
            text = _("XLSX needs the package openpyxl. CSV needs nothing.")
            self.message_user(request, text, messages.ERROR)
        return made


@admin.register(LedgerMonth)
class LedgerMonthAdmin(SalesPages, ReadOnlyAdmin):
    actions = ("close",)
    list_display = ("month", "state", "closed_by")
    list_select_related = ("closed_by",)

    @admin.display(description=_("month"), ordering="first_day")
    def month(self, month: LedgerMonth) -> str:
        return str(month)

    @admin.display(
        description=pgettext_lazy("month of the ledger", "closed"), ordering="closed_at"
    )
    def state(self, month: LedgerMonth) -> Any:
        return month.closed_at or pgettext_lazy("month of the ledger", "open")

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may close months."""
        return request.user.has_perm(ADJUST)

    @admin.action(
        description=_("Close: the month takes no line any more"), permissions=["close"]
    )
    def close(self, request: HttpRequest, months: QuerySet[LedgerMonth]) -> None:
        for month in months.order_by("first_day"):
            try:
                close_month(
                    first_day=month.first_day,
                    user_id=request.user.pk or 0,
                    at=clock.now(),
                )
            except Invalid:
                text = _("%(month)s is not over yet or closed already.")
                self.message_user(request, text % {"month": month}, messages.ERROR)
            else:
                text = _("%(month)s is closed.")
                self.message_user(request, text % {"month": month}, messages.SUCCESS)
