"""Ring: tell this process and the others that conversations advanced.

Called after commit only. A bell that fails is counted and forgotten, because every
reader looks at the heads of the log by himself every few seconds.
"""

from collections.abc import Sequence

from chatdesk.doorbell.carrier import publish
from chatdesk.doorbell.groups import BELLS, MARKS
from chatdesk.doorbell.listeners import Bell, MarkBell, current
from chatdesk.doorbell.polls import wake


def ring(bells: Sequence[Bell]) -> None:
    """Ring for each conversation of one committed batch, with one publication.

    Other processes are told numbers only: no words of a dialog leave this one.
    """
    for listener in current():
        listener.hear(bells)
    for bell in bells:
        wake(bell.conversation_id, seq=bell.seq)
    publish(
        {
            "type": BELLS,
            "v": 1,
            "bells": [
                [bell.conversation_id, bell.public_id, bell.seq, bell.is_quiet]
                for bell in bells
            ],
        }
    )


def ring_marks(bells: Sequence[MarkBell]) -> None:
    """Tell that participants moved their marks, with one publication."""
    for listener in current():
        listener.hear_marks(bells)
    publish(
        {
            "type": MARKS,
            "v": 1,
            "marks": [
                [
                    bell.conversation_id,
                    bell.public_id,
                    bell.author_kind,
                    bell.delivered,
                    bell.read,
                ]
                for bell in bells
            ],
        }
    )
