"""The demo shop on uvicorn, in one process: ``python -m tests.e2e.serve PORT``."""

import sys

import django
import uvicorn
from django.core.management import call_command

APPLICATION = "tests.e2e.asgi:application"


def main() -> None:
    """Prepare what ``make demo`` prepares, then serve until stopped."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo")
    uvicorn.run(
        APPLICATION,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        ws="websockets-sansio",
        access_log=False,
        # Browsers of a test keep their polls open when it ends.
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
