"""A small shop that uses chatdesk the way any shop would."""

from shop_demo.celery import app as celery_app

__all__ = ["celery_app"]
