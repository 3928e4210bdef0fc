"""The long poll: what it tells, when it waits, and when it does not."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone

from chatdesk.api import events
from chatdesk.doorbell.polls import polled_ids
from chatdesk.models import Visitor
from chatdesk.realtime import clockwork
from chatdesk.realtime.process import Process
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.services.presence import connect_operator
from chatdesk.threads import in_database
from tests.chatdesk.api.asgi import get, until
from tests.chatdesk.api.callers import Page, of
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)
from tests.sockets import visitor_cookie

ROOT = "/chatdesk/api/v1/visitor/"


def path_of(conversation, **query):
    """Return where to poll."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{ROOT}{of(conversation, 'events')}?{asked}"


def see(conversation, actor, *, delivered=0, read=0):
    """Let a participant say how far he is."""
    move = MarkMove(
        conversation_id=conversation.pk,
        public_id=conversation.public_id.hex,
        author_kind=actor.author_kind,
        author_id=actor.id,
        delivered=delivered,
        read=read,
    )
    move_marks([move])


@pytest.mark.django_db
class TestAtOnce:
    """On a WSGI server nothing waits, and all else is the same."""

    def test_entries_after_the_cursor_are_told_in_order(self):
        conversation = make_conversation(entries=[("visitor", x) for x in "abcd"])

        answer = Page(conversation.visitor).get(of(conversation, "events") + "?after=2")

        told = answer.json()
        assert [(item["seq"], item["text"]) for item in told["items"]] == [
            (3, "c"),
            (4, "d"),
        ]
        assert (told["from"], told["to"]) == (3, 4)
        assert told["conv"] == conversation.public_id.hex
        assert told["epoch"] == current_epoch()
        assert told["status"] == "waiting"
        assert told["availability"] == {"state": "away"}
        assert "retry_after" not in told

    def test_nothing_new_says_when_to_ask_again(self):
        conversation = make_conversation()

        told = Page(conversation.visitor).get(of(conversation, "events") + "?after=1")

        assert (told.json()["from"], told.json()["to"]) == (2, 1)
        assert told.json()["items"] == []
        assert told.json()["retry_after"] > 0

    def test_what_is_for_staff_is_covered_and_not_told(self):
        operator = make_operator()
        conversation = make_conversation(operator=operator)
        note = {"is_note": True}
        say(conversation, actor_of_operator(operator), "in a hurry", **note)

        told = Page(conversation.visitor).get(of(conversation, "events")).json()

        assert (told["from"], told["to"]) == (1, 2)
        assert [item["seq"] for item in told["items"]] == [1]

    def test_a_long_log_comes_in_contiguous_parts(self, monkeypatch):
        conversation = make_conversation(
            entries=[("visitor", str(n)) for n in range(9)]
        )
        monkeypatch.setattr(
            "chatdesk.selectors.log.entries_after.__kwdefaults__", {"limit": 4}
        )
        page, after, parts = Page(conversation.visitor), 0, []

        while after < conversation.head:
            path = f"{of(conversation, 'events')}?after={after}"
            told = page.get(path).json()
            parts.append((told["from"], told["to"]))
            after = told["to"]

        assert parts == [(1, 4), (5, 8), (9, 9)]

    @pytest.mark.parametrize(
        ("query", "reason"), [("epoch=" + "0" * 32, "epoch"), ("after=2", "ahead")]
    )
    def test_a_copy_that_cannot_be_continued_is_reset(self, query, reason):
        conversation = make_conversation()

        told = Page(conversation.visitor).get(f"{of(conversation, 'events')}?{query}")

        assert told.json() == {
            "conv": conversation.public_id.hex,
            "epoch": current_epoch(),
            "reset": reason,
        }


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestWaiting:
    """Behind the ASGI line a poll waits for the bell."""

    @pytest.fixture
    def quick_looks(self, monkeypatch):
        """Look at logins, and at who is there, more often than every few seconds."""
        monkeypatch.setattr(clockwork, "LOGINS_EVERY_S", 0.05)
        monkeypatch.setattr(clockwork, "LOOK_EVERY_S", 0.05)

    @pytest_asyncio.fixture(autouse=True)
    async def process(self, request):
        if "quick_looks" in request.fixturenames:
            request.getfixturevalue("quick_looks")
        running = await Process.running()
        yield running
        await running.stop()

    async def waiting(self, conversation):
        """Wait until a poll waits for this conversation."""
        await until(lambda: conversation.pk in polled_ids())

    async def test_what_is_there_already_is_told_at_once(self):
        conversation = await in_database(make_conversation)

        answer = await get(
            path_of(conversation, after=0), cookie=visitor_cookie(conversation.visitor)
        )

        assert answer.body["to"] == 1
        assert not polled_ids()

    async def test_a_new_entry_ends_the_wait(self):
        operator = await in_database(make_operator)
        conversation = await in_database(make_conversation, operator=operator)
        cookie = visitor_cookie(conversation.visitor)
        poll = asyncio.create_task(get(path_of(conversation, after=1), cookie=cookie))
        await self.waiting(conversation)

        await in_database(say, conversation, actor_of(conversation.visitor), "hello?")

        answer = await poll
        assert [item["text"] for item in answer.body["items"]] == ["hello?"]
        assert "retry_after" not in answer.body
        assert not polled_ids()

    async def test_a_tick_ends_the_wait(self):
        operator, conversation = await in_database(self.led_conversation)
        poll = asyncio.create_task(
            get(
                path_of(conversation, after=3, delivered=0, read=0),
                cookie=visitor_cookie(conversation.visitor),
            )
        )
        await self.waiting(conversation)

        await in_database(see, conversation, actor_of_operator(operator), delivered=3)

        answer = await poll
        assert answer.body["marks"]["operator_delivered"] == 3
        assert answer.body["items"] == []
        assert "retry_after" not in answer.body

    async def test_a_tick_between_two_polls_is_told_at_once(self):
        operator, conversation = await in_database(self.led_conversation)
        actor = actor_of_operator(operator)
        await in_database(see, conversation, actor, delivered=3, read=2)
        cookie = visitor_cookie(conversation.visitor)

        for known in ({"delivered": 2, "read": 2}, {"delivered": 3, "read": 1}):
            answer = await get(path_of(conversation, after=3, **known), cookie=cookie)

            assert answer.body["marks"]["operator_read"] == 2
            assert "retry_after" not in answer.body
        same = path_of(conversation, after=3, delivered=3, read=2)
        poll = asyncio.create_task(get(same, cookie=cookie))
        await self.waiting(conversation)
        await in_database(see, conversation, actor, read=3)
        assert (await poll).body["marks"]["operator_read"] == 3

    async def test_what_the_visitor_has_seen_himself_wakes_nobody(self, settings):
        settings.CHATDESK = {"POLL_WAIT": timedelta(seconds=2)}
        _, conversation = await in_database(self.led_conversation)
        cookie = visitor_cookie(conversation.visitor)
        poll = asyncio.create_task(get(path_of(conversation, after=3), cookie=cookie))
        await self.waiting(conversation)

        await in_database(see, conversation, actor_of(conversation.visitor), read=3)
        again = await get(path_of(conversation, after=3, wait=0), cookie=cookie)

        assert again.body["marks"]["visitor_read"] == 3
        assert not poll.done()
        await poll

    def led_conversation(self):
        """Make a conversation of three entries that an operator leads, unseen."""
        operator = make_operator()
        words = [("visitor", "Is it in stock?"), ("operator", "It is.")]
        return operator, make_conversation(operator=operator, entries=words)

    async def test_the_wait_ends_by_itself(self, settings):
        settings.CHATDESK = {"POLL_WAIT": timedelta(milliseconds=80)}
        conversation = await in_database(make_conversation)

        answer = await get(
            path_of(conversation, after=1), cookie=visitor_cookie(conversation.visitor)
        )

        assert answer.body["items"] == []
        assert "retry_after" not in answer.body

    async def test_a_page_that_will_not_wait_is_answered_at_once(self):
        conversation = await in_database(make_conversation)

        answer = await get(
            path_of(conversation, after=1, wait=0),
            cookie=visitor_cookie(conversation.visitor),
        )

        assert answer.body["retry_after"] > 0
        assert not polled_ids()

    async def test_one_visitor_keeps_only_so_many_polls_waiting(self, monkeypatch):
        monkeypatch.setattr(events, "POLLS_PER_VISITOR", 2)
        conversation = await in_database(make_conversation)
        cookie = visitor_cookie(conversation.visitor)
        path = path_of(conversation, after=1)
        polls = [asyncio.create_task(get(path, cookie=cookie)) for _ in range(2)]
        await until(lambda: events._waiting[conversation.visitor_id] == 2)

        third = await get(path, cookie=cookie)

        assert third.body["retry_after"] > 0
        await in_database(say, conversation, actor_of(conversation.visitor), "hello?")
        assert [answer.body["to"] for answer in await asyncio.gather(*polls)] == [2, 2]
        assert not events._waiting

    async def test_a_browser_that_goes_away_leaves_nothing_behind(self):
        conversation = await in_database(make_conversation)
        cookie = visitor_cookie(conversation.visitor)
        gone = asyncio.Event()
        poll = asyncio.create_task(
            get(path_of(conversation, after=1), cookie=cookie, gone=gone)
        )
        await self.waiting(conversation)

        gone.set()

        assert (await poll).status == 0
        assert not polled_ids()
        assert not events._waiting

    async def test_who_loses_his_login_while_waiting_hears_nothing_more(self):
        conversation, cookie = await in_database(self.customers_conversation)
        poll = asyncio.create_task(get(path_of(conversation, after=1), cookie=cookie))
        await self.waiting(conversation)

        await in_database(Session.objects.all().delete)
        await in_database(say, conversation, actor_of(conversation.visitor), "secret")

        answer = await poll
        assert answer.status == 401
        assert "secret" not in str(answer.body)

    async def test_the_end_of_a_login_ends_the_wait_though_no_bell_rings(
        self, quick_looks
    ):
        conversation, cookie = await in_database(self.customers_conversation)
        other = await in_database(make_conversation)
        stays = asyncio.create_task(
            get(path_of(other, after=1), cookie=visitor_cookie(other.visitor))
        )
        poll = asyncio.create_task(get(path_of(conversation, after=1), cookie=cookie))
        await self.waiting(conversation)
        await self.waiting(other)

        await in_database(Session.objects.all().delete)

        assert (await poll).status == 401
        assert other.pk in polled_ids()
        stays.cancel()

    def somebody_comes(self):
        """Let an operator open the workspace."""
        connect_operator(
            operator_id=make_operator().pk,
            connection=uuid4(),
            process=uuid4(),
            at=timezone.now(),
        )

    def customers_conversation(self):
        """Make a conversation of a customer who is signed in, and his cookies."""
        ann = get_user_model().objects.create_user("ann", password="demo")
        page = Page(user=ann)
        page.cookie = Page(make_visitor(user_id=ann.pk)).cookie
        conversation = make_conversation(visitor=Visitor.objects.get())
        jar = page.client.cookies
        return conversation, "; ".join(f"{k}={v.value}" for k, v in jar.items())

    @pytest.mark.usefixtures("quick_looks")
    async def test_who_waits_learns_that_somebody_came(self):
        conversation = await in_database(make_conversation)
        cookie = visitor_cookie(conversation.visitor)
        poll = asyncio.create_task(get(path_of(conversation, after=1), cookie=cookie))
        await self.waiting(conversation)

        await in_database(self.somebody_comes)

        answer = await poll
        assert answer.body["availability"]["state"] == "online"

    async def test_a_stranger_and_a_foreign_conversation_do_not_wait(self):
        conversation = await in_database(make_conversation)
        other = await in_database(make_visitor)

        nobody = await get(path_of(conversation, after=1))
        foreign = await get(
            path_of(conversation, after=1), cookie=visitor_cookie(other)
        )

        assert (nobody.status, foreign.status) == (401, 404)
        assert not polled_ids()

    async def test_the_end_of_a_dialog_is_told_to_who_waits(self):
        conversation = await in_database(make_conversation)
        visitor = conversation.visitor
        poll = asyncio.create_task(
            get(path_of(conversation, after=1), cookie=visitor_cookie(visitor))
        )
        await self.waiting(conversation)

        await in_database(
            close_conversation,
            conversation_id=conversation.pk,
            actor=actor_of(visitor),
            at=timezone.now(),
        )

        answer = await poll
        assert answer.body["status"] == "closed"
        assert answer.body["items"][0]["kind"] == "closed"
