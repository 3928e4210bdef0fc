"""The tutorial's message, stored as one would."""

from django.db import models


class Message(models.Model):
    """A line of a chat."""

    room = models.CharField(max_length=40, db_index=True)
    author = models.CharField(max_length=40)
    text = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text
