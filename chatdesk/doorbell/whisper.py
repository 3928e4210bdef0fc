"""Whisper: typing and drafts. Droppable, dated, never stored."""

from dataclasses import asdict

from chatdesk.doorbell.carrier import publish
from chatdesk.doorbell.groups import WHISPER
from chatdesk.doorbell.listeners import Whisper, current


def whisper(sign: Whisper) -> None:
    """Tell whoever follows the conversation now; nobody may be there."""
    for listener in current():
        listener.overhear(sign)
    publish({"type": WHISPER, "v": 1, **asdict(sign)})
