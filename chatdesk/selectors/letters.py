"""Letters: by when one is due, and what staff see of it."""

from datetime import datetime

from chatdesk.conf import get_settings
from chatdesk.contacts import recognise_contact
from chatdesk.models import Conversation, Letter, MailAddress
from chatdesk.selectors.hours import business_deadline
from chatdesk.wire import objects
from chatdesk.wire.objects import to_ms


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


def bounce_of(email: str) -> str:
    """Return what an address's server said when mail came back, or nothing."""
    if not email:
        return ""
    row = MailAddress.objects.filter(email=email.lower()).first()
    return "" if row is None else row.reason or "?"
