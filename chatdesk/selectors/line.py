"""The line of those who wait for anyone: each one's place and a measured estimate."""

from collections.abc import Iterable

from chatdesk.models import Conversation
from chatdesk.selectors.availability import usual_answer_s
from chatdesk.wire.objects import QueuePlace

MOST = 500


def list_line() -> dict[str, QueuePlace]:
    """Return the place of every waiting conversation, by its public id.

    With one query, and one for the estimate when anybody waits. Each department has a
    line of its own.
    """
    rows = Conversation.objects.in_line().values_list("public_id", "department_id")
    waiting = [(public_id.hex, department) for public_id, department in rows[:MOST]]
    return number_line(waiting, usual_s=usual_answer_s()) if waiting else {}


def number_line(
    waiting: Iterable[tuple[str, int | None]], *, usual_s: int | None
) -> dict[str, QueuePlace]:
    """Return places from 1 on in each line; the estimate grows with the place."""
    places: dict[str, QueuePlace] = {}
    lengths: dict[int | None, int] = {}
    for public_id, department in waiting:
        place = lengths[department] = lengths.get(department, 0) + 1
        answer_s = None if usual_s is None else place * usual_s
        places[public_id] = QueuePlace(place=place, answer_s=answer_s)
    return places
