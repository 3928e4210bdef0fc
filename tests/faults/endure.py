"""What a site must endure, one hardship at a time: ``python -m tests.faults.endure``.

All share one set of servers, one cast and, as long as none is restarted on purpose, the
same web processes. What was found of each goes out as JSON, nothing where all is well.
"""

import argparse
import asyncio
import json
import signal
import sys

from tests.faults.__main__ import prepare
from tests.faults.stack import PREPARED, running_stack

NAMES = ("clocks_apart", "clocks_that_jump", "migrations", "releases_mixed")
CONVERSATIONS = 4


def main() -> int:
    """Go through the hardships that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.endure")
    parser.add_argument("names", nargs="*", help=", ".join(NAMES))
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--seconds", type=float, default=2.5, help="each talk lasts")
    given = parser.parse_args()
    # Told to stop, we still clean up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running_stack(server=given.server, seed=1) as stack:
        prepare(stack)
        # Models can be imported only now.
        from tests.faults.cast import make_cast  # noqa: PLC0415 - needs Django set up
        from tests.faults.hardships import endure  # noqa: PLC0415 - as above

        cast = make_cast(conversations=given.conversations, contested=0)
        names = given.names or NAMES
        found = asyncio.run(
            endure(stack, cast, names, database=PREPARED, seconds=given.seconds)
        )
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
