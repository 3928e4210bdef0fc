"""Catalogue, carts and orders."""

from shop_demo.models.cart import Cart, CartLine
from shop_demo.models.catalogue import Category, Product
from shop_demo.models.order import Order, OrderLine

__all__ = ["Cart", "CartLine", "Category", "Order", "OrderLine", "Product"]
