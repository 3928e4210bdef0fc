"""Typing signs and drafts: shown while fresh, never stored, never in the log."""

from datetime import datetime

from chatdesk.actors import Actor, OperatorActor
from chatdesk.doorbell.listeners import Whisper
from chatdesk.doorbell.whisper import whisper
from chatdesk.wire.objects import to_ms


def share_typing(*, public_id: str, actor: Actor, text: str, at: datetime) -> None:
    """Show the other side that somebody types; a visitor's words go to staff only.

    ``public_id`` is the conversation's; the caller has checked that the actor takes
    part in it. An operator's words never leave this function.
    """
    if isinstance(actor, OperatorActor):
        _whisper(public_id, actor, at=at)
    else:
        _whisper(public_id, actor, at=at, kind="draft", text=text)


def share_sign(*, public_id: str, actor: Actor, at: datetime) -> None:
    """Show that somebody types and nothing of what."""
    _whisper(public_id, actor, at=at)


def _whisper(public_id: str, actor: Actor, *, at: datetime, **more: str) -> None:
    by = str(actor.id) if isinstance(actor, OperatorActor) else ""
    sign = {"kind": "typing", "by": by, **more}
    author = str(actor.author_kind)
    whisper(Whisper(public_id=public_id, author=author, at=to_ms(at), **sign))
