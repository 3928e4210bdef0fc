"""A dialog is of exactly one sort, and the limits belong to the better one."""

from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.kpi.speed import Speed, speed_of
from chatdesk.models import Conversation

ASKED_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOMENT = timedelta(microseconds=1)


def make(wait: timedelta | None, **fields: object) -> Conversation:
    """Return a dialog that waited so long for its first answer."""
    return Conversation(
        first_message_at=ASKED_AT,
        begun_online=fields.pop("begun_online", True),
        first_answered_at=None if wait is None else ASKED_AT + wait,
        status=fields.pop("status", "open"),
    )


@pytest.mark.parametrize(
    ("wait", "speed"),
    [
        (0 * SECOND, Speed.WITHIN_GOAL),
        (15 * SECOND, Speed.WITHIN_GOAL),
        (15 * SECOND + MOMENT, Speed.SLOW),
        (20 * SECOND, Speed.SLOW),
        (20 * SECOND + MOMENT, Speed.LATE),
        (600 * SECOND, Speed.LATE),
        (600 * SECOND + MOMENT, Speed.MISSED),
    ],
)
def test_an_answered_dialog_is_as_fast_as_its_answer(
    wait: timedelta, speed: Speed
) -> None:
    assert speed_of(make(wait), at=ASKED_AT + wait) is speed


@pytest.mark.parametrize(
    ("waited", "speed"),
    [(599 * SECOND, Speed.WAITING), (600 * SECOND, Speed.MISSED)],
)
def test_a_question_is_missed_when_patience_ends(
    waited: timedelta, speed: Speed
) -> None:
    assert speed_of(make(None), at=ASKED_AT + waited) is speed


def test_a_question_is_missed_when_its_dialog_ends() -> None:
    closed = make(None, status="closed")

    assert speed_of(closed, at=ASKED_AT + SECOND) is Speed.MISSED


@pytest.mark.parametrize("begun_online", [False, None])
def test_what_was_asked_while_nobody_was_there_is_not_timed(
    *, begun_online: bool | None
) -> None:
    dialog = make(9 * SECOND, begun_online=begun_online)

    assert speed_of(dialog, at=ASKED_AT + 60 * SECOND) is Speed.OFFLINE
