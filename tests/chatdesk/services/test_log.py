"""The log: dense numbers, one entry a client id, and nothing without its commit."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.actors import VisitorActor
from chatdesk.doorbell.listeners import Bell, MarkBell, Whisper, listen
from chatdesk.errors import ChatRefusal, Forbidden, NotFound, OutOfOrder
from chatdesk.models import Conversation, Entry
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.log import Appended
from chatdesk.services.messages import MessageIntent, post_messages
from tests.factories import actor_of_operator, make_conversation, make_operator, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


class Ear:
    """Listens to bells as a process would."""

    def __init__(self) -> None:
        self.bells: list[Bell] = []

    def hear(self, bells: list[Bell]) -> None:
        self.bells.extend(bells)

    def hear_marks(self, bells: list[MarkBell]) -> None: ...

    def overhear(self, whisper: Whisper) -> None: ...

    def publish(self, message: dict[str, object]) -> None: ...


@pytest.fixture
def ear():
    listener = Ear()
    leave = listen(listener)
    yield listener
    leave()


def intent(conversation, text="hello", *, actor=None, cmid=None, prev=None):
    return MessageIntent(
        conversation_id=conversation.pk,
        actor=actor or actor_of(conversation.visitor),
        cmid=cmid or uuid4(),
        text=text,
        prev_cmid=prev,
    )


def seqs(conversation):
    rows = Entry.objects.filter(conversation=conversation)
    return list(rows.order_by("seq").values_list("seq", flat=True))


def test_numbers_are_dense_from_one_over_several_batches():
    conversation = make_conversation(entries=())

    for size in (1, 3, 7):
        post_messages([intent(conversation) for _ in range(size)], at=timezone.now())

    conversation.refresh_from_db()
    assert seqs(conversation) == list(range(1, 12))
    assert conversation.head == 11


def test_a_repeat_returns_the_first_entry_and_writes_nothing():
    conversation = make_conversation(entries=())
    cmid = uuid4()
    first = say(conversation, actor_of(conversation.visitor), "one", cmid=cmid)

    second = say(conversation, actor_of(conversation.visitor), "one", cmid=cmid)

    assert (second.entry.seq, second.is_repeat) == (first.entry.seq, True)
    assert not second.is_mismatch
    assert seqs(conversation) == [1]


def test_a_repeat_with_other_words_keeps_the_first_and_says_so():
    conversation = make_conversation(entries=())
    cmid = uuid4()
    say(conversation, actor_of(conversation.visitor), "one", cmid=cmid)

    second = say(conversation, actor_of(conversation.visitor), "two", cmid=cmid)

    assert second.is_mismatch
    assert Entry.objects.get(conversation=conversation).text == "one"


def test_the_same_client_id_of_two_authors_is_two_entries():
    operator = make_operator()
    conversation = make_conversation(
        operator=operator, entries=(("visitor", "a"), ("operator", "b"))
    )
    before = conversation.head
    cmid = uuid4()

    say(conversation, actor_of(conversation.visitor), "from me", cmid=cmid)
    say(conversation, actor_of_operator(operator), "from me too", cmid=cmid)

    assert seqs(conversation) == list(range(1, before + 3))


def test_a_client_id_repeated_within_one_batch_is_one_entry():
    conversation = make_conversation(entries=())
    cmid = uuid4()

    results = post_messages(
        [intent(conversation, cmid=cmid), intent(conversation, cmid=cmid)],
        at=timezone.now(),
    )

    assert [result.is_repeat for result in results] == [False, True]
    assert seqs(conversation) == [1]


def test_one_refused_intent_never_harms_the_others():
    conversation = make_conversation(entries=())
    stranger = VisitorActor(id=987654, public_id=uuid4())

    results = post_messages(
        [
            intent(conversation, "first"),
            intent(conversation, "of somebody else", actor=stranger),
            intent(conversation, "\0"),
            intent(conversation, "second"),
        ],
        at=timezone.now(),
    )

    assert [type(result) for result in results] == [
        Appended,
        NotFound,
        type(results[2]),
        Appended,
    ]
    assert isinstance(results[2], ChatRefusal)
    texts = Entry.objects.filter(conversation=conversation).order_by("seq")
    assert [entry.text for entry in texts] == ["first", "second"]


def test_a_message_that_follows_one_that_is_missing_is_out_of_order():
    conversation = make_conversation(entries=())
    first, second = uuid4(), uuid4()

    early = post_messages(
        [intent(conversation, cmid=second, prev=first)], at=timezone.now()
    )
    in_order = post_messages(
        [
            intent(conversation, cmid=first),
            intent(conversation, cmid=second, prev=first),
        ],
        at=timezone.now(),
    )

    assert isinstance(early[0], OutOfOrder)
    assert [result.entry.seq for result in in_order] == [1, 2]


def test_a_batch_over_many_conversations_rings_once_for_each_after_the_commit(ear):
    conversations = [make_conversation(entries=()) for _ in range(3)]
    ear.bells.clear()

    with transaction.atomic():
        post_messages([intent(each) for each in conversations], at=timezone.now())
        assert ear.bells == []

    assert {bell.conversation_id for bell in ear.bells} == {
        each.pk for each in conversations
    }
    assert all(bell.seq == 1 for bell in ear.bells)


def test_nothing_is_left_and_nobody_is_told_when_the_transaction_fails(ear):
    conversation = make_conversation(entries=())
    ear.bells.clear()

    with transaction.atomic():
        post_messages([intent(conversation)], at=timezone.now())
        transaction.set_rollback(True)

    conversation.refresh_from_db()
    assert (seqs(conversation), conversation.head, ear.bells) == ([], 0, [])


def test_a_message_to_a_conversation_that_does_not_exist_is_not_found():
    lost = MessageIntent(
        conversation_id=424242,
        actor=VisitorActor(id=1, public_id=uuid4()),
        cmid=uuid4(),
        text="hello",
    )

    (result,) = post_messages([lost], at=timezone.now())

    assert isinstance(result, NotFound)


def test_an_operator_writes_only_where_he_leads():
    operator, other = make_operator(), make_operator(name="Boris")
    conversation = make_conversation(
        operator=operator, entries=(("visitor", "a"), ("operator", "b"))
    )

    with pytest.raises(Forbidden):
        say(conversation, actor_of_operator(other), "me too")

    assert Conversation.objects.get().operator == operator


def test_the_number_of_queries_does_not_grow_with_the_batch():
    conversations = [make_conversation() for _ in range(20)]

    with CaptureQueriesContext(connection) as for_one:
        post_messages([intent(conversations[0])], at=timezone.now())
    with CaptureQueriesContext(connection) as for_many:
        post_messages([intent(each) for each in conversations], at=timezone.now())

    assert len(for_many) == len(for_one)
