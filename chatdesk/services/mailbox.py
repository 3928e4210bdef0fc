"""Empties the box of replies: by Celery once a minute, or by a command."""

import logging
from collections import Counter
from datetime import datetime

from chatdesk.conf import get_settings
from chatdesk.senders.imap import NoMailbox, fetch_unseen
from chatdesk.services.mail_in import receive_mail

logger = logging.getLogger(__name__)


def fetch_mail(*, at: datetime) -> Counter[str]:
    """Take in what is unread; return what became of how many. Raises ``NoMailbox``."""
    url = get_settings().mail_in_imap
    if not url:
        raise NoMailbox("MAIL_IN_IMAP names no box.")
    return Counter(receive_mail(raw, at=at) for raw in fetch_unseen(url))


def fetch_mail_if_set(*, at: datetime) -> None:
    """Do so for a periodic job: without a box nothing, over trouble a warning."""
    if not get_settings().mail_in_imap:
        return
    try:
        fetch_mail(at=at)
    except Exception as error:  # noqa: BLE001 - the box may be away; the next round comes
        # What the server says may hold a name: only the kind of trouble is logged.
        logger.warning("Mail was not fetched: %s", type(error).__name__)
