"""The writer: one commit at a time for all that came, and an answer only after it."""

import asyncio
import logging
import threading
from uuid import uuid4

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.utils import timezone

from chatdesk.errors import Busy, DatabaseAway, Held, NotFound
from chatdesk.models import Entry
from chatdesk.realtime import writer as writer_module
from chatdesk.realtime.writer import Writer
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.log import Appended
from chatdesk.services.messages import MessageIntent
from chatdesk.threads import in_database
from tests.factories import make_conversation
from tests.sockets import PATIENCE_S, ChatClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

really_post = writer_module.post_messages


class Post:
    """Stands in for the service: counts batches, waits and fails when it is told."""

    def __init__(self):
        self.sizes = []
        self.may_go = threading.Event()
        self.may_go.set()
        self.begun = threading.Event()
        self.fails = lambda _intents: None
        self.held = set()

    def __call__(self, intents, *, at, wait):
        assert not wait
        self.sizes.append(len(intents))
        self.begun.set()
        assert self.may_go.wait(PATIENCE_S)
        error = self.fails(intents)
        if error is not None:
            raise error
        if self.held and any(each.conversation_id in self.held for each in intents):
            free = [each for each in intents if each.conversation_id not in self.held]
            written = iter(really_post(free, at=at, wait=wait) if free else ())
            return [
                Held() if each.conversation_id in self.held else next(written)
                for each in intents
            ]
        return really_post(intents, at=at, wait=wait)


@pytest.fixture
def post(monkeypatch):
    stand_in = Post()
    monkeypatch.setattr(writer_module, "post_messages", stand_in)
    yield stand_in
    stand_in.may_go.set()


@pytest.fixture
def write(post):
    """Put texts into a writer of our own; return what each was answered."""

    async def put(conversation, *texts, hold_at_first=False):
        writer = Writer()
        answers = [asyncio.get_running_loop().create_future() for _ in texts]
        if hold_at_first:
            post.may_go.clear()
        for number, (text, answer) in enumerate(zip(texts, answers, strict=True)):
            intent = MessageIntent(
                conversation_id=conversation.pk,
                actor=actor_of(conversation.visitor),
                cmid=uuid4(),
                text=text,
            )
            writer.put(intent, answer.set_result)
            if hold_at_first and number == 0:
                await asyncio.to_thread(post.begun.wait, PATIENCE_S)
        post.may_go.set()
        outcomes = await asyncio.wait_for(asyncio.gather(*answers), PATIENCE_S)
        writer.close()
        return outcomes

    return put


def texts_of(conversation):
    rows = Entry.objects.filter(conversation=conversation).order_by("seq")
    return [entry.text for entry in rows]


def clumsy(intents):
    """Refuse every batch, and alone only what says so."""
    if len(intents) > 1 or intents[0].text == "poison":
        return OperationalError("could not write")
    return None


async def test_at_rest_a_message_is_written_at_once(write, post):
    conversation = await in_database(make_conversation, entries=())

    (outcome,) = await write(conversation, "hello")

    assert isinstance(outcome, Appended)
    assert post.sizes == [1]


async def test_what_comes_during_a_commit_goes_into_the_next(write, post):
    conversation = await in_database(make_conversation, entries=())
    texts = [f"word {number}" for number in range(12)]

    outcomes = await write(conversation, *texts, hold_at_first=True)

    assert post.sizes == [1, 11]
    assert [outcome.entry.seq for outcome in outcomes] == list(range(1, 13))
    assert await in_database(texts_of, conversation) == texts


async def test_under_load_what_comes_soon_after_a_commit_shares_the_next(post):
    conversation = await in_database(make_conversation, entries=())
    writer = Writer()

    async def say(*texts):
        answers = []
        for text in texts:
            answers.append(asyncio.get_running_loop().create_future())
            actor = actor_of(conversation.visitor)
            intent = MessageIntent(conversation.pk, actor, uuid4(), text)
            writer.put(intent, answers[-1].set_result)
        await asyncio.wait_for(asyncio.gather(*answers), PATIENCE_S)

    await say("one", *"abcde")
    await say("two", "three")

    assert post.sizes == [1, 5, 2]
    writer.close()


async def test_a_batch_has_a_largest_size(write, post, monkeypatch):
    monkeypatch.setattr(writer_module, "LARGEST_BATCH", 5)
    conversation = await in_database(make_conversation, entries=())

    outcomes = await write(conversation, *"abcdefghijkl", hold_at_first=True)

    assert post.sizes == [1, 5, 5, 1]
    assert [outcome.entry.text for outcome in outcomes] == list("abcdefghijkl")


async def test_one_refused_message_harms_no_other_of_its_batch(write, post):
    conversation = await in_database(make_conversation, entries=())

    outcomes = await write(conversation, "a", "b", "\0", "c", hold_at_first=True)

    assert [isinstance(each, Appended) for each in outcomes] == [
        True,
        True,
        False,
        True,
    ]
    assert post.sizes == [1, 3]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, IntegrityError])
async def test_a_batch_that_the_database_refuses_is_written_one_by_one(
    write, post, error
):
    conversation = await in_database(make_conversation, entries=())
    post.fails = lambda intents: error() if len(intents) > 1 else None

    outcomes = await write(conversation, "a", "b", "c", hold_at_first=True)

    assert all(isinstance(each, Appended) for each in outcomes)
    assert post.sizes == [1, 2, 1, 1]
    assert await in_database(texts_of, conversation) == ["a", "b", "c"]


async def test_what_cannot_be_written_is_tried_three_times_and_harms_no_other(
    write, post
):
    conversation = await in_database(make_conversation, entries=())
    post.fails = clumsy

    outcomes = await write(conversation, "a", "poison", "b", hold_at_first=True)

    assert isinstance(outcomes[1], DatabaseAway)
    assert not outcomes[1].is_final
    assert outcomes[1].retry_after
    assert post.sizes == [1, 2, 1, 1, 1, 1]
    assert await in_database(texts_of, conversation) == ["a", "b"]


async def test_when_the_database_is_away_not_everybody_waits_for_it(
    write, post, monkeypatch
):
    conversation = await in_database(make_conversation, entries=())
    monkeypatch.setattr(writer_module, "_is_database_there", lambda: False)

    def away(_intents):
        return OperationalError("away") if post.sizes != [1] else None

    post.fails = away

    outcomes = await write(conversation, "a", "b", "c", "d", hold_at_first=True)

    assert isinstance(outcomes[0], Appended)
    assert all(isinstance(outcome, DatabaseAway) for outcome in outcomes[1:])
    assert post.sizes == [1, 3, 1, 1, 1]


async def test_a_conversation_that_somebody_holds_delays_no_other(post):
    held, free = [await in_database(make_conversation, entries=()) for _ in range(2)]
    post.held.add(held.pk)
    writer, answers = Writer(), {}

    def put(conversation, text):
        intent = MessageIntent(
            conversation_id=conversation.pk,
            actor=actor_of(conversation.visitor),
            cmid=uuid4(),
            text=text,
        )
        answers[text] = asyncio.get_running_loop().create_future()
        writer.put(intent, answers[text].set_result)

    put(held, "first")
    put(held, "second")
    put(free, "free")
    await asyncio.wait_for(answers["free"], PATIENCE_S)
    put(held, "third")
    assert not answers["first"].done()

    post.held.clear()
    await asyncio.wait_for(answers["third"], PATIENCE_S)
    writer.close()

    assert await in_database(texts_of, held) == ["first", "second", "third"]
    assert await in_database(texts_of, free) == ["free"]


async def test_who_waited_too_long_for_a_held_conversation_is_told(
    write, post, monkeypatch
):
    monkeypatch.setattr(writer_module, "HELD_AT_MOST_S", 0.2)
    conversation = await in_database(make_conversation, entries=())
    post.held.add(conversation.pk)

    (outcome,) = await write(conversation, "held")

    assert isinstance(outcome, Busy)
    assert not outcome.is_final
    assert len(post.sizes) > 1


async def test_a_commit_of_unknown_outcome_is_cleared_up_by_the_client_id(write, post):
    """The connection broke after COMMIT was sent: the words may be there, or not."""
    conversation = await in_database(make_conversation, entries=())
    lost = []

    def lose_the_answer(intents):
        if lost:
            return None
        lost.append(really_post(intents, at=timezone.now()))
        return OperationalError("server closed the connection unexpectedly")

    post.fails = lose_the_answer
    (outcome,) = await write(conversation, "hello")

    assert outcome.is_repeat
    assert await in_database(texts_of, conversation) == ["hello"]


@pytest.mark.parametrize("kind", [ValueError, MemoryError])
async def test_an_error_nobody_thought_of_is_logged_and_may_be_tried_again(
    write, post, caplog, kind
):
    conversation = await in_database(make_conversation, entries=())
    post.fails = lambda intents: kind("a bug") if len(intents) == 2 else None

    with caplog.at_level(logging.ERROR):
        outcomes = await write(conversation, "a", "b", "c", hold_at_first=True)

    assert [type(each) for each in outcomes] == [Appended, DatabaseAway, DatabaseAway]
    assert "a bug" in caplog.text


async def test_the_answer_comes_after_the_commit(write, post):
    conversation = await in_database(make_conversation, entries=())
    post.may_go.clear()
    async with ChatClient.of_visitor(conversation.visitor) as client:
        await client.hello(conversation)
        await client.expect("synced")
        await client.send(conversation, "hello")
        await asyncio.to_thread(post.begun.wait, PATIENCE_S)
        await client.say(type="ping", t=1)
        await client.expect("pong")
        assert client.kept("sent") == []

        post.may_go.set()

        await client.expect("sent")


async def test_a_queue_that_is_full_says_so_at_once(post, settings):
    settings.CHATDESK = {**settings.CHATDESK, "WRITE_QUEUE": 2}
    conversation = await in_database(make_conversation, entries=())
    post.may_go.clear()
    async with ChatClient.of_visitor(conversation.visitor) as client:
        await client.hello(conversation)
        cmids = [await client.send(conversation, "1")]
        await asyncio.to_thread(post.begun.wait, PATIENCE_S)
        cmids += [await client.send(conversation, text) for text in "234"]

        nack = await client.expect("nack", cmid=cmids[3])
        assert (nack["code"], nack.get("final", False)) == (Busy.code, False)
        assert nack["retry_after"] == 1
        post.may_go.set()
        for cmid in cmids[:3]:
            await client.expect("sent", cmid=cmid)


async def test_closing_ends_the_thread_and_forgets_what_waits(post, caplog):
    """What was never written has no answer, so its client sends it again elsewhere."""
    conversation = await in_database(make_conversation, entries=())
    intent = MessageIntent(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        cmid=uuid4(),
        text="hello",
    )
    writer, answers = Writer(), []
    post.may_go.clear()
    for _ in range(3):
        writer.put(intent, answers.append)
    await asyncio.to_thread(post.begun.wait, PATIENCE_S)

    closing = asyncio.create_task(asyncio.to_thread(writer.close))
    await asyncio.sleep(0)
    post.may_go.set()
    await closing
    await asyncio.sleep(0)

    assert post.sizes == [1]
    assert len(answers) == 1
    assert "chatdesk-write_0" not in {each.name for each in threading.enumerate()}
    assert caplog.text == ""


async def test_a_conversation_that_is_not_there_is_not_found(write):
    missing = await in_database(make_conversation, entries=())
    missing.pk = 424242

    (outcome,) = await write(missing, "hello")

    assert isinstance(outcome, NotFound)
