"""The command line of the fault bench: one round, its figures as JSON."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

from tests.faults.schedule import draw, lasts_until
from tests.faults.stack import PREPARED, Stack, running_stack

CONVERSATIONS, CONTESTED = 20, 3
KEPT = ("*.jsonl", "*.json", "*.log")


def main() -> int:
    """Run one round; the exit code says whether anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--faults", type=int, default=50)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--workers", type=int, default=0, help="of Celery, and a beat")
    parser.add_argument("--rate", type=float, default=15.0, help="messages a second")
    parser.add_argument("--only", action="append", help="draw from these kinds")
    parser.add_argument("--patience", type=float, default=10.0)
    parser.add_argument("--broken", default="", help="a build broken on purpose")
    parser.add_argument("--traces", type=Path, help="write traces into this folder")
    parser.add_argument("--keep", type=Path, help="copy history and logs to here")
    given = parser.parse_args()
    began = time.monotonic()
    # Told to stop, we still clean up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with _stack_for(given) as stack:
        summary = _run(stack, given)
        if given.keep:
            _keep(stack.folder, given.keep)
    summary["seconds"] = round(time.monotonic() - began)
    sys.stdout.write(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    return 1 if summary["violations"] else 0


def _stack_for(given: argparse.Namespace) -> AbstractContextManager[Stack]:
    return running_stack(server=given.server, seed=given.seed, workers=given.workers)


def _run(stack: Stack, given: argparse.Namespace) -> dict[str, object]:
    prepare(stack)
    # Models can be imported only now.
    from tests.faults.cast import make_cast  # noqa: PLC0415 - needs Django set up
    from tests.faults.round import Plan, run_round  # noqa: PLC0415 - needs Django set up

    cast = make_cast(conversations=given.conversations, contested=CONTESTED)
    faults = draw(
        seed=given.seed,
        faults=given.faults,
        seconds=given.messages / given.rate,
        only=tuple(given.only or ()),
        with_celery=given.workers > 0,
    )
    plan = Plan(
        seed=given.seed,
        messages=given.messages,
        faults=tuple(faults),
        broken=given.broken,
        traces=given.traces,
        patience_s=given.patience,
    )
    return {
        "seed": given.seed,
        "server": given.server,
        "planned_s": round(lasts_until(faults)),
        **run_round(stack, cast, plan, database=PREPARED),
    }


def prepare(stack: Stack) -> None:
    """Give the prepared database its tables, and set Django up for it."""
    environment = stack.environment(PREPARED, is_direct=True)
    os.environ.update(environment)
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], check=True)
    import django  # noqa: PLC0415 - the settings had to be known first

    django.setup()


def _keep(folder: Path, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for path in (path for kind in KEPT for path in folder.glob(kind)):
        (to / path.name).write_bytes(path.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
