"""What the process looks after by the clock, when nobody rings and when things fail."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from chatdesk.doorbell.polls import wait_for_bell
from chatdesk.models import Lease, Operator, PresencePeriod
from chatdesk.realtime import clockwork, pump
from chatdesk.selectors.visitors import actor_of
from chatdesk.services import log
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.presence import choose_status
from chatdesk.threads import in_database
from tests.factories import (
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
    say,
)
from tests.sockets import PATIENCE_S, ChatClient, found, until

pytestmark = [pytest.mark.django_db(transaction=True)]

PACE = timedelta(seconds=0.2)


@pytest.fixture
def shop():
    """Look at the heads often: this module is about what no bell announced."""
    return {"HEAD_POLL": PACE, "TICK": False}


@pytest.fixture
def no_bells(monkeypatch):
    """Lose every bell, as a layer that is away does, or a process killed too early."""
    monkeypatch.setattr(log, "ring", lambda _bells: None)


def close(conversation):
    close_conversation(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        at=timezone.now(),
    )


def take(conversation, operator):
    take_conversation(
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        at=timezone.now(),
    )


# Entries that no bell announced


@pytest.mark.usefixtures("no_bells")
async def test_what_no_bell_announced_reaches_both_sides(process):
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        for client in (visitor, desk):
            await client.hello(conversation)
            await client.expect("synced")

        await visitor.send(conversation, "Hello?")

        for client in (visitor, desk):
            events = await client.expect("events", **{"from": 2})
            assert events["items"][0]["text"] == "Hello?"
        assert process.counts["doorbell_misses"] == 2


async def test_what_a_bell_announced_is_not_counted_as_missed(process):
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")
        await visitor.send(conversation, "Hello?")
        await visitor.expect("events", **{"from": 2})
        await a_look(process)

        assert process.counts["doorbell_misses"] == 0


async def test_what_a_replay_has_not_read_yet_is_not_counted_as_missed(
    process, monkeypatch
):
    conversation = await in_database(make_conversation)
    read, may_go = pump.entries_after, threading.Event()

    def read_slowly(**span):
        may_go.wait(PATIENCE_S)
        return read(**span)

    monkeypatch.setattr(pump, "entries_after", read_slowly)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await until(process.hub.followed_ids)
        await a_look(process)
        may_go.set()
        await visitor.expect("synced", seq=1)

    assert process.counts["doorbell_misses"] == 0


async def a_look(process):
    """Wait until the process has looked at the heads and made up for what it lacked."""
    make_up, made_up = process._make_up, []

    def note(heads):
        make_up(heads)
        made_up.append(heads)

    process._make_up = note
    # The first may have been under way when we came.
    await until(lambda: len(made_up) == 2)
    process._make_up = make_up


@pytest.mark.usefixtures("no_bells")
async def test_a_long_poll_is_woken_without_a_bell():
    conversation = await in_database(make_conversation)
    await in_database(say, conversation, actor_of(conversation.visitor), "Hello?")

    assert await wait_for_bell(conversation.pk, after=1, timeout=PATIENCE_S)


@pytest.mark.usefixtures("no_bells")
async def test_the_list_of_dialogs_follows_without_a_bell():
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("inbox", whole=True)

        conversation = await in_database(make_conversation)
        asked = await desk.expect("inbox")
        await in_database(take, conversation, operator)
        taken = await desk.expect("inbox")
        await in_database(close, conversation)
        closed = await desk.expect("inbox")

    statuses = [frame["rows"][0]["status"] for frame in (asked, taken, closed)]
    assert statuses == ["waiting", "open", "closed"]


@pytest.mark.usefixtures("no_bells")
async def test_a_heartbeat_tells_the_head_that_the_last_look_found():
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")
        await in_database(say, conversation, actor_of(conversation.visitor), "Hello?")
        await visitor.expect("events", **{"from": 2})

        await visitor.say(type="ping", t=1)

        heads = await visitor.expect("heads")
        assert heads["heads"] == {conversation.public_id.hex: 2}


# Presence


async def test_a_lease_that_was_lost_is_opened_again_for_a_socket_that_lives():
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("availability")
        await in_database(Lease.objects.all().delete)

        lease = await found(Lease.objects.first)

    assert lease.operator_id == operator.pk


async def test_leases_of_living_sockets_are_renewed():
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("inbox", whole=True)
        before = (await in_database(Lease.objects.get)).expires_at

        assert await found(Lease.objects.filter(expires_at__gt=before).exists)


@pytest.mark.parametrize("shop", [{"HEAD_POLL": PACE, "TICK": True}], ids=["tick"])
@pytest.mark.usefixtures("shop", "process")
async def test_who_fell_silent_elsewhere_is_gone_though_a_mail_server_hangs(
    monkeypatch,
):
    """The other process was killed: nobody but us can say that he is away."""
    operator = await in_database(make_operator)
    hangs, may_go = threading.Event(), threading.Event()

    def hang(*, at):
        hangs.set()
        may_go.wait(60)

    monkeypatch.setattr(clockwork, "run_due", hang)
    await until(hangs.is_set)
    try:
        silent_since = timezone.now() - timedelta(seconds=24)
        await in_database(bring_online, operator, at=silent_since)

        gone = await found(PresencePeriod.objects.filter(state="offline").first)
    finally:
        may_go.set()

    assert gone.from_at == silent_since


async def test_every_tab_of_an_operator_learns_his_status():
    operator = await in_database(make_operator)
    async with (
        await ChatClient.of_operator(operator) as first,
        await ChatClient.of_operator(operator) as second,
    ):
        for tab in (first, second):
            await tab.hello()
            await tab.expect("presence", status="online")

        actor = actor_of_operator(operator)
        await in_database(choose_status, actor=actor, status="away", at=timezone.now())

        for tab in (first, second):
            assert (await tab.expect("presence", status="away"))["capacity"] == 5


async def test_the_load_is_told_when_a_dialog_is_taken():
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("presence", load=0)

        await in_database(take, conversation, operator)

        await desk.expect("presence", load=1)


async def test_a_socket_keeps_its_right_only_while_its_user_has_it():
    operator, other = [await in_database(make_operator) for _ in range(2)]
    async with (
        await ChatClient.of_operator(operator) as dismissed,
        await ChatClient.of_operator(other) as kept,
    ):
        await dismissed.hello()
        await kept.hello()

        await in_database(operator.user.user_permissions.clear)

        assert await dismissed.expect_close() == 4401
        await kept.say(type="ping", t=1)
        await kept.expect("pong")


# When a job fails


async def test_a_job_that_fails_is_done_again_and_stops_no_other(monkeypatch, caplog):
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    failures = []

    def fail(*, at, **_):
        failures.append(at)
        raise OperationalError("the database is away")

    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("availability")
        with monkeypatch.context() as database_away:
            database_away.setattr(clockwork, "get_availability", fail)
            await until(lambda: len(failures) >= 2)
            monkeypatch.setattr(log, "ring", lambda _bells: None)
            await visitor.send(conversation, "Hello?")
            await visitor.expect("events", **{"from": 2})
            await in_database(bring_online, operator)

        somebody = await visitor.expect("availability")

    assert somebody["availability"]["state"] == "online"
    assert "A periodic job of the process failed" in caplog.text
    assert await in_database(Operator.objects.count) == 1
