"""How soon all is well again, in figures: ``python -m tests.faults.figures [NAME...]``.

Each figure has web processes that were not struck before. They go out as JSON.
"""

import argparse
import asyncio
import json
import signal
import sys

from tests.faults.__main__ import prepare
from tests.faults.stack import PREPARED, running_stack

NAMES = ("healthy", "without_bells", "emptied", "ghosts", "resumed")
CONVERSATIONS = 100


def main() -> int:
    """Measure the figures that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.figures")
    parser.add_argument("names", nargs="*", help=", ".join(NAMES))
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    given = parser.parse_args()
    # Told to stop, we still clean up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running_stack(server=given.server, seed=1) as stack:
        prepare(stack)
        # Models can be imported only now.
        from tests.faults.cast import make_cast  # noqa: PLC0415 - needs Django set up
        from tests.faults.measures import FIGURES  # noqa: PLC0415 - as above

        cast = make_cast(conversations=given.conversations, contested=0)
        for name in given.names or NAMES:
            stack.start_webs(PREPARED)
            try:
                figure = asyncio.run(FIGURES[name](stack, cast))
            finally:
                stack.end_webs()
            sys.stdout.write(json.dumps({name: figure}, indent=2) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
