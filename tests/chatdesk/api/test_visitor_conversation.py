"""What a visitor says and does in his own conversation."""

from uuid import UUID, uuid4

import pytest

from chatdesk.doorbell.listeners import listen
from chatdesk.errors import Invalid
from chatdesk.models import Conversation, Effect, Entry, Rating
from chatdesk.selectors.log import marks_of
from tests.chatdesk.api.callers import Page, of
from tests.factories import make_conversation, make_operator, prove_address

pytestmark = pytest.mark.django_db


class Ear:
    """Hears what is whispered in this process."""

    def __init__(self):
        self.whispers = []

    def hear(self, bells):
        """Bells are nothing to this ear."""

    hear_marks = publish = hear

    def overhear(self, whisper):
        """Keep what was whispered."""
        self.whispers.append(whisper)


@pytest.fixture
def ear():
    one = Ear()
    leave = listen(one)
    yield one
    leave()


@pytest.fixture
def talk():
    """A conversation that an operator has answered."""
    return make_conversation(
        operator=make_operator(),
        entries=(("visitor", "Is it in stock?"), ("operator", "It is.")),
    )


def test_a_message_is_stored_and_answered_with_its_number():
    conversation = make_conversation(entries=())
    key = uuid4().hex

    answer = Page(conversation.visitor).say(conversation, "Is it in stock?", key=key)

    entry = Entry.objects.get(cmid=UUID(key))
    assert answer.status_code == 201
    assert (entry.seq, entry.text) == (1, "Is it in stock?")
    told = answer.json()
    assert (told["cmid"], told["conv"]) == (key, conversation.public_id.hex)
    assert told["seq"] == 1


def test_a_repeat_gets_the_first_answer():
    conversation = make_conversation(entries=())
    page, key = Page(conversation.visitor), uuid4()

    first = page.say(conversation, "Is it in stock?", key=key.hex)
    again = page.say(conversation, "Is it in stock?", key=str(key).upper())
    changed = page.say(conversation, "Is it green?", key=key.hex)

    assert again.status_code == 200
    assert again.json() == {**first.json(), "dup": True}
    assert changed.json() == {**first.json(), "dup": True, "mismatch": True}
    assert Entry.objects.get().text == "Is it in stock?"


@pytest.mark.parametrize(
    "key", ["", "1", "g" * 32, "0" * 31, "0" * 33, "{" + "0" * 32 + "}", "0" * 16]
)
def test_a_message_without_a_proper_key_is_not_taken(key):
    conversation = make_conversation(entries=())

    answer = Page(conversation.visitor).post_raw(
        of(conversation, "messages"),
        b'{"body":{"text":"Is it in stock?"}}',
        headers={"Idempotency-Key": key} if key else None,
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert "Idempotency-Key" in answer.json()["text"]
    assert not Entry.objects.exists()


def test_a_visitor_writes_no_notes():
    conversation = make_conversation()

    answer = Page(conversation.visitor).post(
        of(conversation, "messages"),
        {"body": {"text": "psst"}, "kind": "note"},
        key=uuid4().hex,
    )

    assert answer.status_code == 403
    assert Entry.objects.count() == 1


@pytest.mark.usefixtures("still")
def test_messages_are_taken_at_a_rate(settings):
    settings.CHATDESK = {"MESSAGE_RATE": "2/m"}
    conversation = make_conversation(entries=())
    page = Page(conversation.visitor)

    answers = [page.say(conversation, str(number)) for number in range(3)]

    assert [each.status_code for each in answers] == [201, 201, 429]
    assert answers[2].json()["code"] == "rate"
    assert 0 < answers[2].json()["retry_after"] <= 60
    assert Entry.objects.count() == 2


def test_marks_move_forward_and_never_back(talk):
    page = Page(talk.visitor)

    for body in ({"delivered": talk.head}, {"read": 1}, {"delivered": 1}):
        assert page.post(of(talk, "marks"), body).status_code == 200

    marks = marks_of(conversation_ids=[talk.pk])[talk.pk]
    assert (marks.visitor_delivered, marks.visitor_read) == (talk.head, 1)


def test_marks_beyond_the_end_of_the_log_are_refused(talk):
    answer = Page(talk.visitor).post(of(talk, "marks"), {"read": talk.head + 1})

    assert answer.status_code == 400
    assert marks_of(conversation_ids=[talk.pk])[talk.pk].visitor_read == 0


def test_a_visitor_ends_his_dialog_once_however_often_he_says_so(talk):
    page, key = Page(talk.visitor), uuid4().hex

    first = page.post(of(talk, "close"), {}, key=key)
    again = page.post(of(talk, "close"), {}, key=key)
    other = page.post(of(talk, "close"), {}, key=uuid4().hex)

    assert [each.status_code for each in (first, again, other)] == [200, 200, 409]
    assert other.json()["code"] == "closed"
    talk.refresh_from_db()
    assert talk.status == Conversation.Status.CLOSED
    assert talk.entries.filter(kind=Entry.Kind.CLOSED).count() == 1


def test_a_rating_is_stored_and_may_be_changed(talk):
    page = Page(talk.visitor)

    page.post(of(talk, "rating"), {"thumb": "down", "comment": "slow"})
    answer = page.post(of(talk, "rating"), {"thumb": "up", "comment": " quick "})

    assert answer.status_code == 200
    rating = Rating.objects.get()
    assert (rating.thumb, rating.comment) == ("up", "quick")


def test_a_copy_is_promised(talk):
    prove_address(talk.visitor, "visitor@example.com")
    answer = Page(talk.visitor).post(
        of(talk, "transcript"), {"email": "visitor@example.com"}
    )

    assert (answer.status_code, answer.json()) == (202, {})
    assert Effect.objects.get(kind="transcript_mail").target == "visitor@example.com"


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@example.com,b@example.com", "a@example.com\nBcc: b@c.d"]
)
def test_a_copy_goes_to_one_real_address(talk, email):
    answer = Page(talk.visitor).post(of(talk, "transcript"), {"email": email})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["text"] != str(Invalid.text)
    assert not Effect.objects.filter(kind="transcript_mail").exists()


@pytest.mark.usefixtures("still")
def test_drafts_are_whispered_and_too_many_dropped(talk, ear, settings):
    settings.CHATDESK = {"DRAFT_RATE": "2/s"}
    page = Page(talk.visitor)

    answers = [page.post(of(talk, "typing"), {"text": f"n{n}"}) for n in range(9)]

    assert {each.status_code for each in answers} == {202}
    assert [each.text for each in ear.whispers] == ["n0", "n1"]
    assert ear.whispers[0].public_id == talk.public_id.hex
    assert not Entry.objects.filter(text__startswith="n").exists()


def test_a_sign_without_words_says_only_that_somebody_types(talk, ear):
    Page(talk.visitor).post(of(talk, "typing"), {})

    assert [(each.kind, each.text) for each in ear.whispers] == [("typing", "")]
