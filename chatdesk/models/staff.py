"""Which permissions the groups of staff were given, so that none is given twice."""

from django.db import models


class GivenPermission(models.Model):
    """A group was given this permission once; whether it has it is the shop's."""

    group = models.CharField(max_length=150)
    codename = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "codename"], name="chatdesk_given_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.codename}"
