"""The command line of the benchmarks."""

import argparse
import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from bench.delivery import describe, measure_delivery
from bench.sockets import measure_idle, measure_slow_reader, measure_storm
from bench.stage import Plan

# What is measured, with how many conversations and operators unless told otherwise.
KINDS: dict[str, tuple[Callable[[Plan], dict[str, Any]], int, int, str]] = {
    "delivery": (measure_delivery, 200, 40, "the cost of a delivered message"),
    "idle": (measure_idle, 1000, 25, "the memory of a socket that says nothing"),
    "storm": (measure_storm, 2000, 50, "everybody comes back at once"),
    "slow-reader": (measure_slow_reader, 100, 5, "visitors who never read"),
}


def main() -> None:
    """Run one benchmark and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, conversations, _, about) in KINDS.items():
        command = commands.add_parser(name, help=about)
        command.add_argument(
            "--server", choices=("daphne", "uvicorn"), default="daphne"
        )
        command.add_argument(
            "--database", choices=("postgres", "sqlite"), default="postgres"
        )
        command.add_argument("--layer", choices=("memory", "redis"), default="redis")
        command.add_argument("--conversations", type=int, default=conversations)
        command.add_argument(
            "--operators", type=int, help="by default enough for 50 dialogs each"
        )
        command.add_argument("--json", action="store_true")
        if name == "delivery":
            command.add_argument("--seconds", type=float, default=10.0)
            command.add_argument("--rounds", type=int, default=3)
            command.add_argument(
                "--alone", action="store_true", help="without the peers"
            )
            command.add_argument(
                "--processes",
                type=int,
                choices=(1, 2),
                default=1,
                help="two: visitors on one, operators on the other",
            )
            command.add_argument(
                "--rate", type=float, default=0.0, help="messages a second"
            )
            command.add_argument(
                "--talking",
                type=int,
                default=0,
                help="so many of the dialogs, the others are silent; 0: all",
            )
            command.add_argument(
                "--stored", type=int, default=0, help="messages there before"
            )
    given = vars(parser.parse_args())
    as_json, command = given.pop("json"), given.pop("command")
    measure, _, operators, _ = KINDS[command]
    if given["operators"] is None:
        given["operators"] = max(operators, -(-given["conversations"] // 50))
    _allow_many_sockets()
    result = measure(Plan(**given))
    if as_json or command != "delivery":
        sys.stdout.write(json.dumps(result, indent=2))
    else:
        sys.stdout.write(describe(result))
    sys.stdout.write("\n")


def _allow_many_sockets() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


main()
