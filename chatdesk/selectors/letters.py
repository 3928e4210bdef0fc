"""Letters: by when one is due, and what staff see of it."""

from datetime import datetime

from django.db.models import QuerySet

from chatdesk.conf import get_settings
from chatdesk.contacts import recognise_contact
from chatdesk.models import Conversation, Letter, MailAddress
from chatdesk.selectors.hours import business_deadline
from chatdesk.wire import objects
from chatdesk.wire.objects import to_ms

MOST_ROWS = 200


def letter_due_at(*, at: datetime, department_id: int | None = None) -> datetime:
    """Return by when a letter left at ``at`` is to be answered, in working time."""
    within = get_settings().letter_within
    due = business_deadline(at, within, department_id=department_id)
    return due or at + within


def letter_of(conversation: Conversation) -> objects.Letter | None:
    """Return the latest letter of a conversation as staff see it."""
    letter = (
        Letter.objects.filter(conversation=conversation).order_by("-left_at").first()
    )
    if letter is None:
        return None
    contact = recognise_contact(letter.contact, language=conversation.language)
    return objects.Letter(
        state=letter.state,
        due_at=to_ms(letter.due_at),
        left_at=to_ms(letter.left_at),
        contact=letter.contact,
        kind=letter.contact_kind,
        link=contact.link,
        is_junk=letter.is_junk,
        mails_to=conversation.reply_email,
        bounced=bounce_of(conversation.reply_email),
    )


def list_open() -> list[objects.LetterLine]:
    """Return the letters that wait for an answer, the most urgent first."""
    rows = _lines().filter(state=Letter.State.OPEN).order_by("due_at", "pk")
    return [_line(each) for each in rows[:MOST_ROWS]]


def list_answered(
    *, before: int | None, limit: int
) -> tuple[list[objects.LetterLine], int | None]:
    """Return a page of answered letters, newest first, and where the next begins."""
    rows = _lines().filter(state=Letter.State.ANSWERED).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(rows[: limit + 1])
    following = page[limit - 1].pk if len(page) > limit else None
    return [_line(each) for each in page[:limit]], following


def _lines() -> QuerySet[Letter]:
    return Letter.objects.select_related("owner", "conversation__visitor")


def _line(letter: Letter) -> objects.LetterLine:
    conversation, owner = letter.conversation, letter.owner
    answered_at = letter.answered_at
    return objects.LetterLine(
        conv=conversation.public_id.hex,
        visitor=conversation.visitor.name,
        visitor_number=conversation.visitor_id,
        state=letter.state,
        due_at=to_ms(letter.due_at),
        left_at=to_ms(letter.left_at),
        preview=conversation.preview,
        contact=letter.contact,
        kind=letter.contact_kind,
        is_junk=letter.is_junk,
        owner=None if owner is None else str(owner.pk),
        owner_name="" if owner is None else owner.name,
        answered_at=None if answered_at is None else to_ms(answered_at),
        via=letter.answered_via,
    )


def bounce_of(email: str) -> str:
    """Return what an address's server said when mail came back, or nothing."""
    if not email:
        return ""
    row = MailAddress.objects.filter(email=email.lower()).first()
    return "" if row is None else row.reason or "?"
