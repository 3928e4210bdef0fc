"""Fixtures for every test: the real servers, and the browser's start."""

import gc
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from chatdesk import clock
from chatdesk.services import visits
from tests.services.chromium import find_chromium, launch_arguments
from tests.services.imap import ImapServer, run_imap
from tests.services.smtp import SmtpServer, run_smtp

# Python looks for cycles after 700 new objects, and walks through all tests each time.
NEW_OBJECTS = 20_000


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of the search for forgotten cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)


@pytest.fixture(autouse=True)
def _no_clock_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test go by the clock of this process, until it asks the database."""
    monkeypatch.setattr(clock, "_kept", clock._Kept())


@pytest.fixture(autouse=True)
def _no_visits_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test write its own visits only, when it says so and not in a thread."""
    monkeypatch.setattr(visits, "_buffer", visits._Buffer())
    monkeypatch.setattr(visits, "_hire", lambda: None)


@pytest.fixture
def smtp_server(settings: Settings) -> Iterator[SmtpServer]:
    """Send Django's mail of this test to a real server; see what it was given."""
    with run_smtp() as smtp:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = smtp.host
        settings.EMAIL_PORT = smtp.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 10
        yield smtp


@pytest.fixture
def imap_server() -> Iterator[ImapServer]:
    """Keep a real box of mail; put mails into it."""
    with run_imap() as imap:
        yield imap


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the Chromium that is here, instead of a download of Playwright's."""
    return {"executable_path": find_chromium(), "args": launch_arguments()}
