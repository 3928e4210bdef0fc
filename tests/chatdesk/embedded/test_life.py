"""The lifespan that Daphne leaves out."""

import asyncio

import pytest

from chatdesk.embedded import life
from chatdesk.embedded.life import Life


class Reactor:
    """Keeps what is to be done before the server ends."""

    def __init__(self):
        self.farewells = []

    def addSystemEventTrigger(self, phase, event, farewell):  # noqa: N802 - Twisted's
        assert (phase, event) == ("before", "shutdown")
        self.farewells.append(farewell)


class Application:
    """Writes down what it hears, as an ASGI application with a lifespan does."""

    def __init__(self, *, answer="complete", ends=True):
        self.heard = []
        self._answer = answer
        self._ends = ends

    async def __call__(self, scope, receive, send):
        assert scope["type"] == "lifespan"
        self.heard.append((await receive())["type"])
        await send({"type": f"lifespan.startup.{self._answer}", "message": "no room"})
        self.heard.append((await receive())["type"])
        if not self._ends:
            await asyncio.Event().wait()


@pytest.fixture
def reactor(monkeypatch):
    made = Reactor()
    monkeypatch.setattr(life, "reactor", made)
    return made


async def live(application, reactor):
    """Begin and end one life, as the server would."""
    Life(application).begin()
    await asyncio.sleep(0)
    (farewell,) = reactor.farewells
    await farewell().asFuture(asyncio.get_running_loop())


async def test_an_application_hears_of_start_and_end(reactor):
    application = Application()
    await live(application, reactor)
    assert application.heard == ["lifespan.startup", "lifespan.shutdown"]


async def test_an_application_without_a_lifespan_is_left_alone(reactor, caplog):
    async def application(scope, receive, send):
        raise ValueError(scope["type"])

    await live(application, reactor)
    assert caplog.records == []


async def test_an_application_that_does_not_end_is_not_waited_for(reactor, monkeypatch):
    monkeypatch.setattr(life, "FAREWELL_S", 0.01)
    application = Application(ends=False)
    await live(application, reactor)
    assert application.heard == ["lifespan.startup", "lifespan.shutdown"]


async def test_an_application_that_cannot_start_says_why(reactor, caplog):
    await live(Application(answer="failed"), reactor)
    assert "no room" in caplog.text
