"""Takes mail out of the one box that the settings name; no decisions."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

try:
    import imap_tools as _imap_tools
except ImportError:  # the extra is not installed: there is no box
    _imap_tools = None  # type: ignore[assignment]

imap_tools: Any = _imap_tools

TIMEOUT_S = 20
AT_ONCE = 50


class NoMailbox(Exception):
    """The box is not set up, or the library that reads it is not installed."""


def fetch_unseen(url: str, *, limit: int = AT_ONCE) -> Iterator[bytes]:
    """Yield unread mails; each is marked as read when the next is asked for.

    So a mail that was not taken in, because the process died, comes again. Raises
    ``NoMailbox``, and what the library raises when the server does not answer.
    """
    parts = urlsplit(url)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    with _box_at(parts) as box:
        # Inside, so that a box that refuses us is left as well.
        box.login(user, password, initial_folder=folder)
        for uid in box.uids(imap_tools.AND(seen=False))[:limit]:
            for mail in box.fetch(imap_tools.AND(uid=uid), mark_seen=False):
                yield mail.obj.as_bytes()
            box.flag(uid, imap_tools.MailMessageFlags.SEEN, value=True)


def _box_at(parts: SplitResult) -> Any:
    if imap_tools is None:
        raise NoMailbox("Install imap-tools to fetch mail.")
    if parts.scheme not in ("imap", "imaps") or not parts.hostname:
        raise NoMailbox("MAIL_IN_IMAP looks like imaps://user:password@host/INBOX.")
    if parts.scheme == "imaps":
        return imap_tools.MailBox(
            parts.hostname, port=parts.port or 993, timeout=TIMEOUT_S
        )
    return imap_tools.MailBoxUnencrypted(
        parts.hostname, port=parts.port or 143, timeout=TIMEOUT_S
    )
