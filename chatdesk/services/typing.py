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
    is_operator = isinstance(actor, OperatorActor)
    whisper(
        Whisper(
            public_id=public_id,
            author=str(actor.author_kind),
            kind="typing" if is_operator else "draft",
            at=to_ms(at),
            by=str(actor.id) if is_operator else "",
            text="" if is_operator else text,
        )
    )
