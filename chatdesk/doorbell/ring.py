"""Ring: tell this process and the others that conversations advanced.

Called after commit only. A bell that fails is counted and forgotten, because every
reader looks at the heads of the log by himself every few seconds.
"""

from collections.abc import Sequence

from chatdesk.doorbell.carrier import publish
from chatdesk.doorbell.groups import BELLS
from chatdesk.doorbell.listeners import Bell, current


def ring(bells: Sequence[Bell]) -> None:
    """Ring for each conversation of one committed batch, with one publication."""
    for listener in current():
        listener.hear(bells)
    publish(
        {
            "type": BELLS,
            "v": 1,
            "bells": [[bell.public_id, bell.seq, bell.marks] for bell in bells],
        }
    )
