"""Tags of the shop's pages."""

from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop_demo.money import format_money

register = template.Library()


@register.filter
def money(amount: Decimal) -> str:
    """Write a sum as the language of the page does."""
    return format_money(amount)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one of the line icons; a word beside it or a label says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        static("shop/icons.svg"),
        name,
    )
