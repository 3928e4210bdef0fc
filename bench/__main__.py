"""The command line of the benchmarks."""

import argparse
import json
import sys

from bench.delivery import Plan, describe, measure_delivery


def main() -> None:
    """Run one benchmark and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    commands = parser.add_subparsers(dest="command", required=True)
    delivery = commands.add_parser("delivery", help="the cost of a delivered message")
    delivery.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    delivery.add_argument(
        "--database", choices=("postgres", "sqlite"), default="postgres"
    )
    delivery.add_argument("--layer", choices=("memory", "redis"), default="redis")
    delivery.add_argument("--conversations", type=int, default=200)
    delivery.add_argument("--operators", type=int, default=40)
    delivery.add_argument("--seconds", type=float, default=10.0)
    delivery.add_argument("--rounds", type=int, default=3)
    delivery.add_argument("--alone", action="store_true", help="without the tutorial")
    delivery.add_argument("--json", action="store_true")
    given = vars(parser.parse_args())
    as_json = given.pop("json")
    given.pop("command")
    result = measure_delivery(Plan(**given))
    sys.stdout.write(json.dumps(result, indent=2) if as_json else describe(result))
    sys.stdout.write("\n")


main()
