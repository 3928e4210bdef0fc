"""What a visitor has not read yet."""

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from chatdesk.actors import VisitorActor
from chatdesk.models import AuthorKind, Entry, Mark

SAID = (Entry.Kind.MESSAGE, Entry.Kind.PRODUCT, Entry.Kind.OFFER)


def unread_of_visitor(*, actor: VisitorActor) -> int:
    """Return how many messages of staff the visitor has not seen, with one query."""
    read = Mark.objects.filter(
        conversation=OuterRef("conversation"),
        author_kind=AuthorKind.VISITOR,
        author_id=actor.id,
    ).values("read_seq")
    answers = Entry.objects.filter(
        conversation__visitor_id=actor.id,
        kind__in=SAID,
        author_kind=AuthorKind.OPERATOR,
        staff_only=False,
    )
    return (
        answers.annotate(read=Coalesce(Subquery(read[:1]), 0))
        .filter(seq__gt=F("read"))
        .count()
    )
