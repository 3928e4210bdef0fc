"""Python's search for forgotten cycles, made rarer in a process that serves sockets.

It walks through every new object after some hundred of them, which for messages costs
a tenth of all that is done with them, and now and then through all of Django. A batch
makes thousands of objects and leaves no cycles behind.
"""

import gc
from functools import cache

from chatdesk.conf import get_settings

NEW_OBJECTS = 20_000


@cache
def calm_collector() -> None:
    """Look for cycles less often, and not among what is there by now; once a process.

    A host that has set a higher threshold of its own keeps it.
    """
    newest, *older = gc.get_threshold()
    if not get_settings().calm_collector or not newest:
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(max(newest, NEW_OBJECTS), *older)
