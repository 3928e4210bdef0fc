"""Canned replies that everybody may use."""

from chatdesk.models import CannedReply


def keep_canned_reply(*, shortcut: str, language: str, title: str, text: str) -> bool:
    """Add a shared reply unless one of this shortcut and language is there.

    Returns whether it was added: what a shop has rewritten is never overwritten.
    """
    _, is_new = CannedReply.objects.get_or_create(
        operator=None,
        shortcut=shortcut,
        language=language,
        defaults={"title": title, "text": text},
    )
    return is_new
