"""Answers that follow a visitor by mail when he has gone.

When that is due is a fact of the conversation, so a message costs no row of its own;
the mail is promised when the moment has come and the words are still unseen.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from chatdesk.conf import get_settings
from chatdesk.mail.answer import compose_answer
from chatdesk.models import AuthorKind, Conversation, Effect, Entry, Mark, Operator
from chatdesk.senders.smtp import send_mail
from chatdesk.services.effects import Kind, NotNeeded, Promise, promise_effects
from chatdesk.services.locks import lock_conversations

AT_ONCE = 100
IN_STOCK = "stock"
"""What an automatic text says it is about when a product is there again."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Answers of one mail, by the numbers of the log."""

    first: int
    last: int


def owe_answer(
    conversation: Conversation, *, at: datetime, is_urgent: bool = False
) -> None:
    """Set when an operator's words follow by mail unless they are seen before.

    The answer to a letter goes at the next look: its author is known to be away.
    """
    due = at if is_urgent else at + get_settings().answer_mail_after
    conversation.follow_at = due
    Conversation.objects.filter(pk=conversation.pk).update(follow_at=due)


def promise_answers(*, at: datetime) -> int:
    """Promise the mail of each answer that is due and unseen; return how many."""
    due = Conversation.objects.filter(follow_at__lte=at)
    found = list(due.values_list("pk", flat=True)[:AT_ONCE])
    if not found:
        return 0
    with transaction.atomic():
        # Who took one in the same moment left it without its time.
        locked = lock_conversations(found, wait=False).values()
        rows = [row for row in locked if row.follow_at and row.follow_at <= at]
        promises = [each for row in rows if (each := _promise_of(row, at))]
        promise_effects(promises, at=at)
        Conversation.objects.filter(pk__in=[row.pk for row in rows]).update(
            follow_at=None
        )
    return len(promises)


def _promise_of(conversation: Conversation, at: datetime) -> Promise | None:
    span = _unseen(conversation)
    if span is None or not conversation.reply_email:
        return None
    Conversation.objects.filter(pk=conversation.pk).update(mailed_seq=span.last)
    return Promise(
        kind=Kind.ANSWER_MAIL,
        conversation_id=conversation.pk,
        key=f"answer:{conversation.public_id.hex}:{span.first}-{span.last}",
        due_at=at,
        target=conversation.reply_email,
    )


def _unseen(conversation: Conversation) -> _Span | None:
    """Return the operators' words that were neither seen nor mailed."""
    after = max(_read_up_to(conversation), conversation.mailed_seq)
    seqs = _answers(conversation.pk).filter(seq__gt=after).values_list("seq", flat=True)
    found = list(seqs)
    return _Span(found[0], found[-1]) if found else None


def _read_up_to(conversation: Conversation) -> int:
    marks = Mark.objects.filter(
        conversation=conversation, author_kind=AuthorKind.VISITOR
    )
    return max(marks.values_list("read_seq", flat=True), default=0)


def _answers(conversation_id: int) -> QuerySet[Entry]:
    said = Q(kind=Entry.Kind.MESSAGE, author_kind=AuthorKind.OPERATOR)
    # The visitor asked for it, so it follows him as an answer does.
    in_stock = Q(kind=Entry.Kind.AUTO, data__step=IN_STOCK)
    return Entry.objects.filter(
        said | in_stock, conversation_id=conversation_id, staff_only=False
    ).order_by("seq")


def send_answer(effect: Effect) -> None:
    """Mail the answers of an effect; raises ``NotNeeded`` once they are seen."""
    if not get_settings().mail_answers:
        raise NotNeeded("Answers by mail are switched off.")
    conversation = Conversation.objects.select_related("storefront", "visitor").get(
        effects=effect
    )
    first, last = map(int, effect.key.rpartition(":")[2].split("-"))
    if _read_up_to(conversation) >= last:
        raise NotNeeded("The visitor has read the answer in the widget.")
    answers = list(_answers(conversation.pk).filter(seq__gte=first, seq__lte=last))
    ids = {entry.author_id for entry in answers}
    names = dict(Operator.objects.filter(pk__in=ids).values_list("pk", "name"))
    send_mail(
        compose_answer(
            effect=effect,
            conversation=conversation,
            answers=answers,
            names=names,
        )
    )
