"""Workers that are killed in the middle of a mail: every copy arrives all the same.

``CHATDESK_MAILS`` and ``CHATDESK_KILLS`` make it a long round: 1000 and 20,
with ``-o faulthandler_timeout=0``.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from threading import Event
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from chatdesk.models import Effect
from chatdesk.services.effects import release_expired_claims
from tests.architecture.sources import ROOT
from tests.chatdesk.test_mail_delivery import MOODS, address, moody, promise, states
from tests.factories import NOON, make_conversation, make_operator
from tests.services.smtp import SmtpServer

MAILS = int(os.environ.get("CHATDESK_MAILS", "20"))
KILLS = int(os.environ.get("CHATDESK_KILLS", "1"))
PATIENCE_S = 120

WORKER = """
import sys
import django
django.setup()
from django.test.utils import override_settings
from tests.chatdesk.working import work
with override_settings(
    EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(sys.argv[1]),
    CHATDESK={"MAIL_DIGEST": False},
):
    work()
"""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

needs_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="another process sees no test's SQLite"
)


class Killer:
    """Holds a mail in the server's hands while its worker is killed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_dying, self.is_dead = Event(), Event()
        keep = SmtpServer.handle_DATA
        seen = 0
        every = max(MAILS // (KILLS + 1), 2)

        async def handle(smtp, server, session, envelope):
            nonlocal seen
            seen += 1
            round_, rest = divmod(seen, every)
            if rest or round_ > KILLS:
                return await keep(smtp, server, session, envelope)
            if round_ % 2:
                # It has the mail, and whoever sent it dies before he hears so.
                smtp.keep(envelope)
            # After the wait nothing is sure to run: the connection dies, too.
            self.is_dead.clear()
            self.is_dying.set()
            await asyncio.to_thread(self.is_dead.wait, PATIENCE_S)
            return "421 4.3.2 nobody is there to hear it"

        monkeypatch.setattr(SmtpServer, "handle_DATA", handle)


def start_worker(port):
    """Start a worker on the test's own database."""
    params = connection.get_connection_params()
    known = {name: params.get(name) for name in ("host", "port", "user", "password")}
    query = urlencode({name: value for name, value in known.items() if value})
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings.postgres",
        "TEST_DATABASE_URL": f"postgresql:///{params['dbname']}?{query}",
    }
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-c", WORKER, str(port)]
    return subprocess.Popen(command, env=environment, cwd=ROOT)


def free_claims():
    """Let the time pass after which a vanished worker's mail is another's."""
    held = Effect.objects.filter(state=Effect.State.CLAIMED)
    until = held.aggregate(until=Max("claimed_until"))["until"]
    return release_expired_claims(at=until) if until else 0


@needs_postgres
def test_every_copy_arrives_whoever_is_killed(smtp_server, monkeypatch):
    cache.clear()
    conversation = make_conversation(
        operator=make_operator(name="Anna"),
        entries=(("visitor", "Is it in stock?"), ("operator", "Yes.")),
        at=NOON,
    )
    moods = moody(monkeypatch, *MOODS)
    killer = Killer(monkeypatch)
    promise(conversation, *map(address, range(MAILS)))

    for _ in range(KILLS):
        process = start_worker(smtp_server.port)
        assert killer.is_dying.wait(PATIENCE_S)
        process.kill()
        process.wait()
        killer.is_dying.clear()
        killer.is_dead.set()
        assert free_claims() == 1
    assert start_worker(smtp_server.port).wait(PATIENCE_S * 5) == 0

    assert states() == {Effect.State.DONE: MAILS}
    assert {"refuse", "delay", "drop"} <= set(moods)
    names = Counter(
        (to, mail["Message-ID"])
        for mail, (to,) in zip(
            smtp_server.messages, smtp_server.recipients, strict=True
        )
    )
    # Each arrived, some twice, and what came twice says that it is the same mail.
    assert {to for to, _ in names} == set(map(address, range(MAILS)))
    assert len(names) == len({name for _, name in names}) == MAILS
    twice = names.total() - MAILS
    sys.stdout.write(f"\n{MAILS} mails, {KILLS} kills, {twice} came twice\n")
