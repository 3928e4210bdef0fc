"""Sales: credits with their reasons, plans, the ledger, and the closing of months."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.base import ModelAdmin, ReadOnlyAdmin
from chatdesk.admin.ledger_export import to_csv, to_xlsx
from chatdesk.admin.wording import explain_credit
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
LOOK_CSS = {"all": ["chatdesk/admin/pages.css"]}


@admin.register(CommissionPlan)
class CommissionPlanAdmin(ModelAdmin):
    class Media:
        css = LOOK_CSS

    list_display = (
        *("name", "percent", "basis", "operator", "department", "product_group"),
        *("priority", "valid_from", "valid_to", "is_active"),
    )
    list_filter = ("is_active", "basis")
    list_select_related = ("operator", "department")


@admin.register(SaleCredit)
class SaleCreditAdmin(ReadOnlyAdmin):
    class Media:
        css = LOOK_CSS

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


class AdjustmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A sum for or against an operator, with the reason that he will read."""

    operator = forms.ModelChoiceField(Operator.objects.all(), label=_("operator"))
    amount = forms.DecimalField(
        label=_("amount"),
        max_digits=12,
        decimal_places=2,
        help_text=_("Below zero takes off."),
    )
    reason = forms.CharField(label=_("reason"), max_length=300)

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


@admin.register(LedgerLine)
class LedgerLineAdmin(ReadOnlyAdmin):
    class Media:
        css = LOOK_CSS

    form = AdjustmentForm
    actions = ("export_csv", "export_xlsx")
    list_display = (
        *("at", "month", "operator", "kind", "amount", "currency", "percent"),
        *("order", "reason", "author"),
    )
    list_filter = ("month", "operator", "kind", "currency", "at")
    list_select_related = ("month", "operator", "credit__order", "author")
    search_fields = ("credit__order__number", "reason")
    ordering = ("-pk",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return request.user.has_perm(ADJUST)

    def get_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("operator", "amount", "reason")
        return (*self.list_display, "plan")

    @admin.display(description=_("order"))
    def order(self, line: LedgerLine) -> str:
        return "" if line.credit is None else str(line.credit.order)

    def save_model(
        self, request: HttpRequest, obj: LedgerLine, form: Any, _change: Any
    ) -> None:
        """Write the adjustment by the ledger's own rules, in the author's name."""
        made = adjust_commission(
            operator_id=form.cleaned_data["operator"].pk,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            author_id=request.user.pk or 0,
            at=timezone.now(),
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
class LedgerMonthAdmin(ReadOnlyAdmin):
    class Media:
        css = LOOK_CSS

    actions = ("close",)
    list_display = ("first_day", "closed_at", "closed_by")
    list_select_related = ("closed_by",)

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
                    at=timezone.now(),
                )
            except Invalid:
                text = _("%(month)s is not over yet or closed already.")
                self.message_user(request, text % {"month": month}, messages.ERROR)
            else:
                text = _("%(month)s is closed.")
                self.message_user(request, text % {"month": month}, messages.SUCCESS)
