"""Goods with prices in whole cents, baskets found by a token, purchases."""

import uuid

from django.conf import settings
from django.db import models


class Good(models.Model):
    code = models.CharField(max_length=20, primary_key=True)
    title = models.CharField(max_length=80)
    cents = models.PositiveIntegerField()
    left = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class Basket(models.Model):
    token = models.CharField(max_length=32, default="", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE
    )
    contents = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.token


class Purchase(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL
    )
    token = models.CharField(max_length=32, default="", blank=True)
    contents = models.JSONField(default=list)
    cents = models.PositiveIntegerField()
    draft = models.CharField(max_length=32, default="", blank=True)
    placed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
