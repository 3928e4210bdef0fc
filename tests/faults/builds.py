"""Runs a short round on each broken build: ``python -m tests.faults.builds [NAME...]``.

All share one set of servers; each has a database of its own, copied from a prepared
one. The violations of each go out as JSON.
"""

import json
import signal
import sys
from dataclasses import dataclass

import psycopg
import redis

from tests.faults.__main__ import prepare
from tests.faults.schedule import draw
from tests.faults.stack import PREPARED, Stack, running_stack

WHOLE = "whole"


@dataclass(frozen=True)
class Trial:
    """What a build must be put through so that it shows, and where it shows."""

    shows: tuple[str, ...]
    only: tuple[str, ...]
    faults: int = 3
    messages: int = 150
    seconds: float = 6.0
    least_s: float = 3.0


TRIALS = {
    "ack_before_commit": Trial(("I1", "I2"), ("web killed", "postgres crashed"), 4),
    "commit_not_flushed": Trial(("I1", "I2"), ("postgres crashed",), 3),
    "numbers_of_a_sequence": Trial(("I4",), ("network cut",)),
    "no_seq_check": Trial(("I4", "I6"), ("everybody reconnects",), messages=400),
    "dedupe_window": Trial(("I2",), ("answers lost", "web frozen")),
    "pushed_twice": Trial(("I4",), ("network cut",)),
    # The last words are said while it is away: no later bell makes up for theirs.
    "no_head_poll": Trial(("I7",), ("valkey killed",), 1),
    "resume_from_head": Trial(("I4", "I6", "I7"), ("everybody reconnects",)),
    "recent_only": Trial(("I6",), ("all webs killed",)),
    "sender_order": Trial(("I5",), ("network cut",), messages=400),
    "presence_by_disconnect": Trial(("I10",), ("web killed",), 1, least_s=50.0),
    "effects_unclaimed": Trial(("I11",), ("network cut",), least_s=10.0),
    "notes_for_all": Trial(("I14",), ("network cut",)),
}


def main() -> int:
    """Run the trials that are named, or all, and print what each build violated."""
    names = sys.argv[1:] or list(TRIALS)
    # Told to stop, we still clean up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running_stack(server="daphne", seed=1) as stack:
        prepare(stack)
        found = {name: _violations(stack, name) for name in names}
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


def _violations(stack: Stack, name: str) -> list[str]:
    # Models can be imported only now.
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    from tests.faults.broken import BUILDS  # noqa: PLC0415 - needs Django set up
    from tests.faults.cast import make_cast  # noqa: PLC0415 - needs Django set up
    from tests.faults.round import Plan, run_round  # noqa: PLC0415 - needs Django set up

    trial = TRIALS[name]
    if not hasattr(stack, "cast"):
        stack.cast = make_cast(conversations=4, contested=1)
    connection.close()
    connection.close_pool()
    stack.create(name, template=PREPARED)
    with psycopg.connect(stack.url(name), autocommit=True) as changing:
        if sql := BUILDS[name].sql:
            changing.execute(sql)
    with redis.Redis.from_url(stack.valkey_url) as client:
        client.flushall()
    faults = draw(seed=1, faults=trial.faults, seconds=trial.seconds, only=trial.only)
    plan = Plan(
        seed=1,
        messages=trial.messages,
        faults=tuple(faults),
        broken=name,
        drained_within_s=8.0,
        least_s=trial.least_s,
    )
    return list(run_round(stack, stack.cast, plan, database=name)["violations"])


if __name__ == "__main__":
    sys.exit(main())
