"""The lineage of this database, so that clients notice a restore from backup."""

import uuid

from django.db import models


class Epoch(models.Model):
    """The one row that names the present lineage of all logs."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="chatdesk_epoch_is_one_row"
            ),
        ]

    def __str__(self) -> str:
        return self.value.hex
