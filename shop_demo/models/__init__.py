"""Catalogue, discounts, carts and orders."""

from shop_demo.models.cart import Cart, CartLine
from shop_demo.models.catalogue import Category, Product, Variant
from shop_demo.models.discount import Discount
from shop_demo.models.order import Order, OrderLine, Refund, RefundLine

__all__ = [
    "Cart",
    "CartLine",
    "Category",
    "Discount",
    "Order",
    "OrderLine",
    "Product",
    "Refund",
    "RefundLine",
    "Variant",
]
