"""Some people of the month come back and ask again."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from chatdesk.integration import PastDialog

SHARE = 0.06
WITHIN = timedelta(days=6)
SOONEST = timedelta(hours=2)


def bring_back(
    dice: random.Random, dialogs: Sequence[PastDialog]
) -> Iterator[PastDialog]:
    """Yield the dialogs in their order, a few of them begun by somebody known.

    He speaks the same language, has the same browser and comes back once.
    """
    earlier: list[PastDialog] = []
    for dialog in dialogs:
        begun = dialog.entries[0].at
        earlier = [each for each in earlier if begun - each.entries[0].at < WITHIN]
        known = [
            each
            for each in earlier
            if each.visitor.language == dialog.visitor.language
            and begun - each.entries[-1].at > SOONEST
        ]
        if known and dice.random() < SHARE:
            before = dice.choice(known)
            earlier.remove(before)
            page = dialog.visitor
            visitor = replace(
                before.visitor,
                page_url=page.page_url,
                page_title=page.page_title,
                referrer=page.referrer,
            )
            yield replace(dialog, visitor=visitor)
            continue
        earlier.append(dialog)
        yield dialog
