"""Five hundred pages wait at once, and the server holds nothing for them."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from django.core.asgi import get_asgi_application
from django.db import connection
from django.utils import timezone

from chatdesk.doorbell.listeners import current as listeners
from chatdesk.doorbell.polls import polled_ids
from chatdesk.models import Conversation, Visitor
from chatdesk.realtime.process import Process
from chatdesk.routing import wrap
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.selectors.visitors import actor_of
from chatdesk.threads import READERS, close_readers, in_database
from tests.chatdesk.api.asgi import get, until
from tests.chatdesk.api.callers import of
from tests.factories import make_conversation, say
from tests.sockets import visitor_cookie

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROOT = "/chatdesk/api/v1/visitor/"
POLLS = 500


@pytest_asyncio.fixture
async def process():
    running = await Process.running()
    yield running
    await running.stop()


@pytest_asyncio.fixture
async def no_process():
    """Stand for a host that left our line out of its ``asgi.py``."""
    assert not listeners()
    yield
    close_readers()


def make_many(number):
    """Make conversations of as many visitors, without a word yet."""
    now, storefront = timezone.now(), get_storefront()
    visitors = Visitor.objects.bulk_create(
        Visitor(storefront=storefront, created_at=now, latest_seen_at=now)
        for _ in range(number)
    )
    return Conversation.objects.bulk_create(
        Conversation(storefront=storefront, visitor=visitor, created_at=now)
        for visitor in visitors
    )


def count_connections():
    """Return how many connections to the database are open."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database()"
            )
            return cursor.fetchone()[0]
    database = Path(connection.settings_dict["NAME"]).resolve()
    files = psutil.Process().open_files()
    return sum(Path(each.path) == database for each in files)


def has_ticked():
    """Return whether the process has begun to do by the clock what is due."""
    return any(each.name.startswith("chatdesk-due") for each in threading.enumerate())


@pytest.mark.usefixtures("process")
async def test_waiting_polls_hold_neither_threads_nor_connections(settings):
    # However slow this machine is just now, the first still waits when the last begins.
    patient = timedelta(minutes=10)
    settings.CHATDESK = {"FRAME_RATE": "10000/s", "POLL_WAIT": patient}
    conversations = await in_database(make_many, POLLS)
    gone = asyncio.Event()

    def poll(conversation):
        cookie = visitor_cookie(conversation.visitor)
        path = f"{ROOT}{of(conversation, 'events')}?after=0"
        return asyncio.create_task(get(path, cookie=cookie, gone=gone))

    few, many = conversations[:20], conversations[20:]
    polls = [poll(each) for each in few]
    await until(lambda: len(polled_ids()) == len(few))
    await until(has_ticked)
    # The readers are begun when they are needed; their number does not grow with polls.
    threads = threading.active_count() + READERS
    connections = await in_database(count_connections) + READERS

    polls += [poll(each) for each in many]
    await until(lambda: len(polled_ids()) == POLLS)

    assert threading.active_count() <= threads
    assert await in_database(count_connections) <= connections
    assert (await get(f"{ROOT}status/")).status == 200

    spoken_to = conversations[::100]
    for each in spoken_to:
        await in_database(say, each, actor_of(each.visitor), "hello?")
    answers = await asyncio.gather(*(polls[number] for number in range(0, POLLS, 100)))
    assert [each.body["to"] for each in answers] == [1] * len(spoken_to)
    assert len(polled_ids()) == POLLS - len(spoken_to)

    gone.set()
    await asyncio.gather(*polls)
    assert not polled_ids()
    assert threading.active_count() <= threads


@pytest.mark.usefixtures("process")
async def test_with_a_middleware_that_needs_threads_nothing_waits(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.hosts.csp.strict_csp"]
    application = wrap(get_asgi_application())
    conversation = await in_database(make_conversation)
    path = f"{ROOT}{of(conversation, 'events')}?after=1"

    answer = await get(
        path, cookie=visitor_cookie(conversation.visitor), app=application
    )

    assert answer.body["items"] == []
    assert answer.body["retry_after"] > 0
    assert not polled_ids()


@pytest.mark.usefixtures("no_process")
async def test_without_the_asgi_line_nothing_waits():
    """No bell would ring there, and Django would keep a thread for each poll."""
    conversation = await in_database(make_conversation)
    path = f"{ROOT}{of(conversation, 'events')}?after=1"
    cookie = visitor_cookie(conversation.visitor)

    answer = await get(path, cookie=cookie, app=get_asgi_application())

    assert answer.body["retry_after"] > 0
    assert not polled_ids()
