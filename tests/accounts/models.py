"""A user who is known by an e-mail address."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from tests.accounts.people import AccountManager


class Account(AbstractUser):
    username = None
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ()

    objects = AccountManager()

    def __str__(self) -> str:
        return self.email
