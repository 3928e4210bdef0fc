"""Run every check and every test, on real servers, and sum up.

    python -m tools.test            everything
    python -m tools.test e2e shop   some parts

A part that fails does not keep the next from running: one run tells everything.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".cache" / "reports"
MINUTES_A_PART = 15

# More workers than this wait for each other's disk on the machines we have.
PARALLEL = ("-n", "auto", "--maxprocesses=4")
# Each has a shop, and most a browser.
TWO = ("-n", "2")
# A round waits for slow machines; what takes minutes has commands of its own.
FAULTS = ("-n", "2", "-m", "not faults", "-o", "faulthandler_timeout=850")
# Tables as the models want them; that migrations lead there, two other runs show: the
# one on PostgreSQL, and every shop that is set up by its own commands.
PYTEST = (sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short", "-rsx")

# Run by parts of their own.
ELSEWHERE = ("tests/e2e", "tests/faults", "tests/install", "tests/shop_demo")

# Faults that a test waits out: run by hand, on a machine that does nothing else.
OWN_PACE = tuple(
    f"tests/faults/test_{each}.py" for each in ("endured", "postgres", "redis")
)

# Run once more on a real Valkey: what speaks to the layer, not what it brings about.
REALTIME = "tests/chatdesk/realtime"
OVER_THE_LAYER = (
    "tests/chatdesk/doorbell",
    f"{REALTIME}/test_across_processes.py",
    f"{REALTIME}/test_process.py",
    f"{REALTIME}/test_talk.py",
)

# Nearly all their time is that of a lease, or of a client that begins to poll.
WAITING = tuple(
    f"tests/e2e/test_{each}.py" for each in ("asleep", "fallback", "presence")
)

ON_UVICORN = ("tests/processes",)

HOSTS = ("atomic_requests", "corner", "custom_user", "no_celery", "strict_csp")


# The demo's own command on an empty folder: what shop and browsers begin with.
FILL = "filled shop"


def pytest_on(settings: str, *arguments: str) -> tuple[str, ...]:
    tables = () if settings == "postgres" else ("--nomigrations",)
    return (*PYTEST, f"--ds=tests.settings.{settings}", *tables, *arguments)


def browsing(name: str, *arguments: str) -> tuple[str, ...]:
    """Return a run in browsers, which leaves a picture of what failed in .cache."""
    pictures = ("--screenshot=only-on-failure", f"--output=.cache/{name}")
    return pytest_on("shop", *pictures, *arguments)


SQLITE = ("tests", *(f"--ignore={path}" for path in ELSEWHERE))

PARTS: dict[str, tuple[str, ...]] = {
    "check": (sys.executable, "-m", "tools.check"),
    "sqlite": pytest_on("default", *PARALLEL, "-m", "not postgres", *SQLITE),
    "postgres": pytest_on("postgres", *PARALLEL, "-m", "postgres", "tests/chatdesk"),
    "redis": pytest_on("redis", *PARALLEL, *OVER_THE_LAYER),
    **{host: pytest_on(host, "tests/hosts") for host in HOSTS},
    FILL: (sys.executable, "-m", "tests.e2e.filled"),
    "install": pytest_on("default", "tests/install"),
    "faults": pytest_on(
        "default", *FAULTS, "tests/faults", *(f"--ignore={each}" for each in OWN_PACE)
    ),
    "shop": pytest_on("shop", *PARALLEL, "tests/shop_demo"),
    "e2e": browsing(
        *("e2e", *TWO, "-m", "not timed", "tests/e2e"),
        *(f"--ignore={each}" for each in WAITING),
    ),
    "waiting": browsing("waiting", *WAITING),
    "uvicorn": pytest_on("shop", *TWO, *ON_UVICORN),
}

# Only when named: what a run has seen already, on the other database; and what needs
# a machine at rest.
ON_REQUEST: dict[str, tuple[str, ...]] = {
    "timed": browsing("timed", "-s", "-m", "timed", "tests/e2e"),
    "both": pytest_on("default", *PARALLEL, "-m", "postgres", *SQLITE),
}
ENVIRONMENTS = {"uvicorn": {"TEST_SERVER": "uvicorn"}}

# What mostly waits leaves the cores to what does not; the filled shop comes first.
BESIDE: dict[str, tuple[str, ...]] = {
    "check": (FILL,),
    "sqlite": ("waiting", "install"),
    "faults": (*HOSTS, "redis", "uvicorn"),
}


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one part of the run ended."""

    name: str
    ok: bool
    seconds: float
    tests: list[tuple[float, str]]
    skipped: int


def main() -> int:
    names = sys.argv[1:] or list(PARTS)
    REPORTS.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    results = run_parts(names)
    print_summary(results, seconds=time.monotonic() - began)
    return 0 if all(result.ok for result in results) else 1


def run_parts(names: list[str]) -> list[Result]:
    """Run parts one after the other, and short ones beside those that wait."""
    beside = {name: [each for each in BESIDE[name] if each in names] for name in BESIDE}
    held = {each for name in names for each in beside.get(name, ())}
    results = []
    for name in names:
        if name not in held:
            with ThreadPoolExecutor(max_workers=1) as lane:
                others = lane.map(
                    lambda each: run_part(each, is_held=True), beside.get(name, ())
                )
                results += [run_part(name), *others]
    return results


def run_part(name: str, *, is_held: bool = False) -> Result:
    """Run one part with its output on the terminal, at its end if it is held."""
    if not is_held:
        print(f"\n== {name} ==", flush=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = {**PARTS, **ON_REQUEST}[name]
    if "pytest" in command:
        command = (*command, f"--junitxml={report}", f"-ojunit_suite_name={name}")
    began = time.monotonic()
    try:
        run = subprocess.run(
            command,
            cwd=ROOT,
            check=False,
            timeout=MINUTES_A_PART * 60,
            env={**os.environ, **ENVIRONMENTS.get(name, {})},
            stdout=subprocess.PIPE if is_held else None,
            stderr=subprocess.STDOUT if is_held else None,
            text=True,
        )
        code = run.returncode
        if is_held:
            print(f"\n== {name} ==\n{run.stdout}", flush=True)
    except subprocess.TimeoutExpired:
        print(f"{name} took more than {MINUTES_A_PART} minutes")
        code = 1
    return Result(
        name=name,
        ok=code == 0,
        seconds=time.monotonic() - began,
        tests=list(read_times(report)),
        skipped=count_skipped(report),
    )


def read_times(report: Path) -> Iterator[tuple[float, str]]:
    """Yield the seconds and the name of every test in a report."""
    if report.is_file():
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own file
            yield (
                float(case.get("time", 0)),
                f"{case.get('classname')}.{case.get('name')}",
            )


def count_skipped(report: Path) -> int:
    if not report.is_file():
        return 0
    return sum(1 for _ in ET.parse(report).iter("skipped"))  # noqa: S314 - as above


def print_summary(results: list[Result], *, seconds: float) -> None:
    """Print the slowest tests and a line a part."""
    slowest = sorted(
        (took, result.name, test) for result in results for took, test in result.tests
    )[-10:]
    print("\n== the ten slowest ==")
    for took, name, test in reversed(slowest):
        print(f"{took:7.1f} s  {test} ({name})")
    print("\n== summary ==")
    for result in results:
        word = "ok" if result.ok else "FAILED"
        tests = f"{len(result.tests):5} tests" if result.tests else ""
        skipped = f", {result.skipped} skipped" if result.skipped else ""
        print(f"{result.name:16}{word:7}{result.seconds:7.1f} s  {tests}{skipped}")
    failed = [result.name for result in results if not result.ok]
    verdict = f"FAILED: {', '.join(failed)}" if failed else "everything passed"
    print(f"{'':23}{seconds:7.1f} s  {verdict}")


if __name__ == "__main__":
    sys.exit(main())
