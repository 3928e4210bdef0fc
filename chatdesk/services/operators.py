"""Operators: who answers, and the card that visitors see."""

from typing import TYPE_CHECKING

from chatdesk.models import Operator
from chatdesk.services.photos import shrink_photo

if TYPE_CHECKING:
    from django.core.files.base import File


def enrol_operator(
    *, user_id: int, name: str, title: str = "", photo: "File[bytes] | None" = None
) -> int:
    """Give a user the card of an operator and return its id.

    A card that exists stays as it is. The permission to answer comes from the group for
    operators, not from the card. Raises ``ValidationError`` for a photo that is none.
    """
    operator, is_new = Operator.objects.get_or_create(
        user_id=user_id, defaults={"name": name, "title": title}
    )
    if is_new and photo is not None:
        small = shrink_photo(photo)
        operator.photo.save(small.name or "photo.webp", small)
    return operator.pk
