"""Search in past conversations.

Words are looked for in a bounded number of the newest candidates: an unbounded search
through all words ever written takes seconds on a large log.
"""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from chatdesk.models import Conversation, Entry, SaleCredit
from chatdesk.models.conversation import ConversationQuerySet

CANDIDATES = 5000
MOST_WORDS = 6


def find_conversations(
    rows: ConversationQuerySet, *, words: str
) -> ConversationQuerySet:
    """Return those of the newest ``CANDIDATES`` rows that have every word.

    A word may stand in the visitor's name, contact or address, in what was written, or
    be the number of an order that came of the dialog.
    Without words all rows are returned as they are.
    """
    wanted = words.replace("\0", "").split()[:MOST_WORDS]
    if not wanted:
        return rows
    newest = rows.order_by("-first_message_at", "-pk").values("pk")[:CANDIDATES]
    found = Conversation.objects.filter(pk__in=newest)
    for word in wanted:
        found = found.filter(
            _names(word) | Exists(_texts(word)) | Exists(_orders(word))
        )
    return found


def _names(word: str) -> Q:
    return (
        _contains("visitor__name", word)
        | _contains("visitor__contact", word)
        | Q(visitor__email__icontains=word)
    )


def _texts(word: str) -> QuerySet[Entry]:
    return Entry.objects.filter(
        _contains("text", word), conversation=OuterRef("pk")
    ).exclude(text="")


def _orders(word: str) -> QuerySet[SaleCredit]:
    return SaleCredit.objects.filter(
        order__number__iexact=word, conversation=OuterRef("pk")
    )


def _contains(field: str, word: str) -> Q:
    # SQLite folds the case of ASCII letters only, so the usual spellings are tried.
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    if word.isascii():
        spellings = {word}
    return reduce(or_, (Q(**{f"{field}__icontains": each}) for each in spellings))


def has_dialogs() -> bool:
    """Return whether anybody ever wrote."""
    return Conversation.objects.begun().exists()
