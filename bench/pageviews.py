"""What watching visits costs a page view of the demo shop, on and off in one sitting.

    python -m bench.pageviews
    python -m bench.pageviews --light

Pages are answered by the shop's own WSGI application in this process, 200 a second of
the shop's time, by a hundred browsers in turn. After each second what was seen is
written, and its time is part of what a view costs. Rounds with and without watching
take turns, and processor time is counted, so that a busy machine spoils neither.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import cycle
from typing import Any

VIEWS_A_SECOND = 200
BROWSERS = 100
PAGES = (
    "/",
    "/product/heron-gooseneck-kettle/",
    "/search/?q=kettle",
    "/cart/",
    "/product/fjord-ethiopia/?utm_source=letter&utm_medium=email",
    "/delivery/",
)
LIGHT_PAGES = tuple(f"/light/{number}/" for number in range(6))
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
)


def main() -> None:
    """Prepare a shop of its own, measure it, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.pageviews")
    parser.add_argument("--seconds", type=int, default=5, help="of the shop, a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--light", action="store_true", help="pages that ask nothing")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(SHOP_VAR=folder, SHOP_DEBUG="", BENCH_TRACKING="off")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.served_settings")
        pages = LIGHT_PAGES if given.light else PAGES
        result = measure(pages, seconds=given.seconds, rounds=given.rounds)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def measure(pages: Sequence[str], *, seconds: int, rounds: int) -> dict[str, Any]:
    """Return what a view costs with and without watching, and the ratio of both."""
    application = _open_shop()
    for tracking in ("notice", "off"):
        _run(application, pages, tracking, seconds=1)
    figures: dict[str, list[dict[str, float]]] = {"off": [], "notice": []}
    for _ in range(rounds):
        for tracking, rows in figures.items():
            rows.append(_run(application, pages, tracking, seconds=seconds))
    off, on = (
        statistics.median(row["ms"] for row in figures[name])
        for name in ("off", "notice")
    )
    writes = [row["write_ms"] for row in figures["notice"]]
    return {
        "views_a_second": VIEWS_A_SECOND,
        "off_ms": round(off, 3),
        "on_ms": round(on, 3),
        "more_ms": round(on - off, 3),
        "ratio": round(on / off, 3),
        "of_which_writing_ms": round(statistics.median(writes), 3),
        "statements_a_write": max(row["statements"] for row in figures["notice"]),
        "rounds": figures,
    }


def _open_shop() -> Callable[..., Any]:
    import django  # noqa: PLC0415 - after the environment is set
    from django.core.management import call_command  # noqa: PLC0415 - as above
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - as above

    django.setup()
    call_command("migrate", verbosity=0)
    from shop_demo.seeding.catalogue import seed_catalogue  # noqa: PLC0415 - as above

    seed_catalogue()
    return get_wsgi_application()


def _run(
    application: Callable[..., Any],
    pages: Sequence[str],
    tracking: str,
    *,
    seconds: int,
) -> dict[str, float]:
    """Show so many seconds of views; return milliseconds of processor a view."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test.utils import (  # noqa: PLC0415 - as above
        CaptureQueriesContext,
        override_settings,
    )
    from django.utils import timezone  # noqa: PLC0415 - as above

    from chatdesk.services.visits import flush_visits  # noqa: PLC0415 - as above

    spent = written = 0.0
    statements = 0
    with override_settings(CHATDESK={"TRACKING": tracking, "TICK": False}):
        requests = _requests(pages)
        for _ in range(seconds):
            began = time.process_time()
            for _ in range(VIEWS_A_SECOND):
                _ask(application, next(requests))
            spent += time.process_time() - began
            with CaptureQueriesContext(connection) as queries:
                began = time.process_time()
                flush_visits(at=timezone.now())
                written += time.process_time() - began
            statements = max(statements, len(queries))
    views = seconds * VIEWS_A_SECOND
    return {
        "ms": (spent + written) * 1000 / views,
        "write_ms": written * 1000 / views,
        "statements": statements,
    }


def _requests(pages: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number, path in enumerate(cycle(pages)):
        name, _, query = path.partition("?")
        browser = number // len(pages) % BROWSERS
        yield {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": name,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_USER_AGENT": AGENT.format(100 + browser % 30),
            "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9",
            "HTTP_SEC_FETCH_DEST": "document",
            "REMOTE_ADDR": f"85.76.{browser}.9",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


def _ask(application: Callable[..., Any], environ: dict[str, Any]) -> None:
    status: list[str] = []
    response = application(environ, lambda line, _headers: status.append(line))
    for _ in response:
        pass
    response.close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{environ['PATH_INFO']}: {status[0]}")


if __name__ == "__main__":
    main()
