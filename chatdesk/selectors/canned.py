"""Canned replies an operator may use."""

from django.db.models import Q

from chatdesk.models import CannedReply
from chatdesk.wire import objects


def list_canned(*, operator_id: int, language: str) -> list[objects.CannedReply]:
    """Return shared replies and the operator's own in a language, by shortcut."""
    mine = Q(operator_id=operator_id) | Q(operator__isnull=True)
    spoken = Q(language="") | Q(language=language) if language else Q()
    rows = CannedReply.objects.filter(mine, spoken).order_by("shortcut", "pk")
    return [
        objects.CannedReply(
            id=row.pk,
            shortcut=row.shortcut,
            title=row.title,
            text=row.text,
            language=row.language,
            shared=row.operator_id is None,
        )
        for row in rows
    ]
