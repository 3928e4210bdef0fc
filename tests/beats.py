"""A schedule in a process of its own: does every periodic job when it is told to.

Each line that comes in is a moment; the word ``done`` goes out when all is done that
was due then. Mail goes to the server that the environment names.
"""

import os
import sys
from datetime import datetime

import django
from django.conf import settings
from django.db import connection


def main() -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = os.environ["BEATS_SMTP_HOST"]
    settings.EMAIL_PORT = int(os.environ["BEATS_SMTP_PORT"])
    settings.CHATDESK = {"ALERT_EMAILS": ["owner@shop.example"]}
    django.setup()
    from chatdesk import worker  # noqa: PLC0415 - models are there only now

    connection.ensure_connection()
    say("ready")
    for line in sys.stdin:
        at = datetime.fromisoformat(line.strip())
        worker.run_due(at=at, runner="celery")
        worker.sweep(at=at)
        say("done")


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
