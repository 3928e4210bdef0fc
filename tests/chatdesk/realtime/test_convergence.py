"""Who applies the log has what the server would tell him: snapshot + log = snapshot.

For every service that changes a conversation. What somebody forgot to log shows here.
"""

import inspect
import random
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from chatdesk.actors import SYSTEM
from chatdesk.errors import ChatRefusal
from chatdesk.models import AuthorKind, Department, RoutingRule
from chatdesk.selectors.visitors import actor_of
from chatdesk.services import (
    assignment,
    conversations,
    follow_ups,
    ladder,
    marks,
    messages,
    offers,
    order_news,
    presence,
    products,
    ratings,
    routing,
    transcripts,
)
from chatdesk.shop.types import OrderEvent
from tests.chatdesk.realtime.replica import Replica
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_operator,
)

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def connect(operator, *, at):
    presence.connect_operator(
        operator_id=operator.pk, connection=uuid4(), process=uuid4(), at=at
    )


@pytest.fixture(name="process")
def no_process():
    """No socket is served here."""


@pytest.fixture(autouse=True)
def _open_shop(settings):
    settings.CHATDESK = {"SHOP_ADAPTER": "tests.stall.Stall"}


class Dialog:
    """A conversation with everybody who may act in it; time passes with each act."""

    def __init__(self):
        self.anna = make_operator(name="Anna")
        self.boris = make_operator(name="Boris")
        self.conversation = make_conversation(at=NOON)
        self.visitor = actor_of(self.conversation.visitor)
        self.staff = actor_of_operator(self.anna)
        self.colleague = actor_of_operator(self.boris)
        self.manager = actor_of_operator(self.boris, is_manager=True)
        self._moments = (NOON + number * SECOND for number in count(10))

    def of_it(self, **more):
        return {
            "conversation_id": self.conversation.pk,
            "at": next(self._moments),
            **more,
        }

    def say(self, actor, text="words", *, is_note=False):
        intent = messages.MessageIntent(
            conversation_id=self.conversation.pk,
            actor=actor,
            cmid=uuid4(),
            text=text,
            is_note=is_note,
        )
        return messages.post_message(intent, at=next(self._moments))

    def begin(self):
        return conversations.begin_conversation(
            visitor=self.conversation.visitor, language="ru", at=next(self._moments)
        )

    def take(self, actor=None):
        return conversations.take_conversation(**self.of_it(actor=actor or self.staff))

    def release(self, actor=None):
        return conversations.release_conversation(
            **self.of_it(actor=actor or self.staff)
        )

    def take_back(self):
        at = next(self._moments)
        return conversations.take_back_conversations(operator=self.anna, at=at)

    def offer(self, to=None):
        colleague = to or self.boris
        connect(colleague, at=self.of_it()["at"])
        wish = self.of_it(actor=self.staff, to_id=colleague.pk, note="knows kettles")
        return assignment.offer_conversation(**wish)

    def accept(self):
        return assignment.accept_offer(**self.of_it(actor=self.colleague))

    def decline(self, actor=None):
        wish = self.of_it(actor=actor or self.colleague)
        return assignment.decline_offer(**wish)

    def take_over(self):
        wish = self.of_it(actor=self.manager, reason="A regular customer")
        return assignment.take_over_conversation(**wish)

    def let_offers_end(self):
        at = next(self._moments) + timedelta(minutes=1)
        return assignment.return_offers(at=at)

    def climb(self, seconds):
        at = next(self._moments) + seconds * SECOND
        connect(self.boris, at=at)
        return ladder.climb_ladder(at=at)

    def follow_up(self):
        return follow_ups.finish_follow_up(**self.of_it(actor=self.staff))

    def be_routed(self):
        department = Department.objects.create(name="Kettles")
        RoutingRule.objects.create(name="All", department=department, head_start=60)
        at = next(self._moments)
        connect(self.boris, at=at)
        routing.route_waiting(at=at)
        return routing.fill_places(at=at)

    def come_back(self):
        self._moments = (NOON + number * SECOND for number in count(3000))
        self.say(self.visitor, "Still there?")
        return routing.route_waiting(at=next(self._moments))

    def close(self, actor, outcome=""):
        return conversations.close_conversation(
            **self.of_it(actor=actor, outcome=outcome)
        )

    def rate(self, thumb):
        wish = self.of_it(actor=self.visitor, thumb=thumb, comment="so so")
        return ratings.rate_conversation(**wish)

    def send_card(self):
        intent = products.CardIntent(self.conversation, self.staff, uuid4(), "KETTLE")
        return products.send_product(intent, at=next(self._moments))

    def propose(self):
        plan = offers.Plan(lines=[("KETTLE", 1)])
        proposal = offers.Proposal(self.conversation, self.staff, plan, uuid4())
        return offers.propose_order(proposal, at=next(self._moments))

    def withdraw(self):
        offer = self.conversation.offers.get()
        return offers.withdraw_offer(
            offer=offer, actor=self.staff, at=next(self._moments)
        )

    def confirm(self):
        offer = self.conversation.offers.get()
        yes = offers.Confirmation(offer, self.visitor, f"{offer.total:f}", {})
        return offers.confirm_offer(yes, at=next(self._moments))

    def tell_of_order(self):
        news = order_news.OrderNews("N-1", OrderEvent.PAID)
        told = [self.conversation.pk]
        return order_news.tell_of_order(
            news, at=next(self._moments), conversation_ids=told
        )

    def ask_for_a_copy(self):
        wish = self.of_it(actor=self.visitor, email=f"{uuid4().hex}@example.com")
        return transcripts.request_transcript(**wish)

    def read(self, kind, number):
        person = self.visitor.id if kind == AuthorKind.VISITOR else self.staff.id
        marks.move_marks(
            [
                marks.MarkMove(
                    conversation_id=self.conversation.pk,
                    public_id=self.conversation.public_id.hex,
                    author_kind=kind,
                    author_id=person,
                    read=number,
                )
            ]
        )


def answered(dialog):
    dialog.take()
    dialog.say(dialog.staff, "Yes")


def closed(dialog):
    answered(dialog)
    dialog.close(dialog.staff, "sale")


def proposed(dialog):
    dialog.take()
    dialog.propose()


def nothing(_dialog):
    """Leave the question as it was asked."""


ACTS = {
    "a question": (nothing, lambda d: d.say(d.visitor)),
    "a question after an answer": (answered, lambda d: d.say(d.visitor)),
    "an answer": (lambda d: d.take(), lambda d: d.say(d.staff)),
    "a second answer": (answered, lambda d: d.say(d.staff)),
    "long words": (nothing, lambda d: d.say(d.visitor, "я" * 500)),
    "a note": (answered, lambda d: d.say(d.colleague, is_note=True)),
    "a note after the end": (closed, lambda d: d.say(d.staff, is_note=True)),
    "beginning what has begun": (nothing, lambda d: d.begin()),
    "taking": (nothing, lambda d: d.take()),
    "taking again": (answered, lambda d: d.take()),
    "giving back": (answered, lambda d: d.release()),
    "giving back a question": (lambda d: d.take(), lambda d: d.release()),
    "losing who leads it": (answered, lambda d: d.take_back()),
    "a manager giving back": (answered, lambda d: d.release(d.manager)),
    "handing over": (answered, lambda d: d.offer()),
    "accepting": (lambda d: (answered(d), d.offer()), lambda d: d.accept()),
    "refusing": (lambda d: (answered(d), d.offer()), lambda d: d.decline()),
    "an offer nobody answers": (
        lambda d: (answered(d), d.offer()),
        lambda d: d.let_offers_end(),
    ),
    "taking over": (answered, lambda d: d.take_over()),
    "giving back what was offered": (
        lambda d: (answered(d), d.offer()),
        lambda d: d.release(),
    ),
    "closing what was offered": (
        lambda d: (answered(d), d.offer()),
        lambda d: d.close(d.staff, "sale"),
    ),
    "the limit": (nothing, lambda d: d.climb(20)),
    "the limit with an owner": (lambda d: d.take(), lambda d: d.climb(20)),
    "managers are told": (nothing, lambda d: d.climb(45)),
    "managers were told before": (
        lambda d: d.climb(45),
        lambda d: d.say(d.colleague),
    ),
    "the rescue text": (nothing, lambda d: d.climb(70)),
    "nobody ever answered": (nothing, lambda d: d.climb(700)),
    "an answer after all": (
        lambda d: d.climb(700),
        lambda d: d.say(d.colleague),
    ),
    "leaving without an answer": (
        lambda d: d.climb(45),
        lambda d: d.close(d.visitor),
    ),
    "routing": (nothing, lambda d: d.be_routed()),
    "coming back after a long silence": (answered, lambda d: d.come_back()),
    "closing": (answered, lambda d: d.close(d.staff, "sale")),
    "closing a question": (lambda d: d.take(), lambda d: d.close(d.staff, "answered")),
    "the visitor closing": (answered, lambda d: d.close(d.visitor)),
    "a manager closing": (nothing, lambda d: d.close(d.manager, "complaint")),
    "the system closing": (answered, lambda d: d.close(SYSTEM)),
    "coming back": (closed, lambda d: d.say(d.visitor, "again")),
    "rating": (closed, lambda d: d.rate("up")),
    "rating otherwise": (
        lambda d: (closed(d), d.rate("up")),
        lambda d: d.rate("down"),
    ),
    "an end by another way": (
        lambda d: d.climb(700),
        lambda d: d.follow_up(),
    ),
    "a product card": (lambda d: d.take(), lambda d: d.send_card()),
    "a proposed order": (lambda d: d.take(), lambda d: d.propose()),
    "a proposal taken back": (proposed, lambda d: d.withdraw()),
    "an order": (proposed, lambda d: d.confirm()),
    "news of an order": (closed, lambda d: d.tell_of_order()),
    "a copy by mail": (closed, lambda d: d.ask_for_a_copy()),
    "reading by staff": (nothing, lambda d: d.read(AuthorKind.OPERATOR, 1)),
    "reading by the visitor": (answered, lambda d: d.read(AuthorKind.VISITOR, 3)),
}

COVERED = {
    conversations.begin_conversation,
    conversations.take_conversation,
    conversations.release_conversation,
    conversations.take_back_conversations,
    conversations.close_conversation,
    assignment.offer_conversation,
    assignment.accept_offer,
    assignment.decline_offer,
    assignment.take_over_conversation,
    assignment.return_offers,
    ladder.climb_ladder,
    follow_ups.finish_follow_up,
    routing.route_waiting,
    routing.route_conversation,
    routing.assign_conversation,
    routing.fill_places,
    messages.post_message,
    messages.post_messages,
    offers.confirm_offer,
    offers.propose_order,
    offers.withdraw_offer,
    order_news.tell_of_order,
    products.send_product,
    ratings.rate_conversation,
    transcripts.request_transcript,
    marks.move_marks,
}


@pytest.mark.parametrize("staff", [False, True], ids=["visitor", "staff"])
@pytest.mark.parametrize("name", ACTS)
def test_the_log_tells_what_changed(name, staff):
    before, act = ACTS[name]
    dialog = Dialog()
    before(dialog)
    replica = Replica(dialog.conversation, staff=staff)

    act(dialog)
    replica.catch_up()

    fresh = replica.fresh()
    assert replica.fields == fresh.fields
    assert replica.entries == fresh.entries


@pytest.mark.parametrize("staff", [False, True], ids=["visitor", "staff"])
def test_the_log_tells_who_was_chosen_by_itself(settings, staff):
    settings.CHATDESK = {"AUTO_ASSIGN": True}
    dialog = Dialog()
    replica = Replica(dialog.conversation, staff=staff)

    dialog.be_routed()
    replica.catch_up()

    assert replica.fields == replica.fresh().fields
    if staff:
        assert replica.fields["owner_name"] == "Boris"


def test_the_first_question_is_told_to_the_tab_that_asked_it():
    conversation = make_conversation(entries=())
    replica = Replica(conversation, staff=False)
    dialog = Dialog()
    dialog.conversation, dialog.visitor = conversation, actor_of(conversation.visitor)

    dialog.say(dialog.visitor)
    replica.catch_up()

    assert replica.fields == replica.fresh().fields


@pytest.mark.parametrize("seed", range(6))
def test_any_course_of_a_dialog_is_told_by_its_log(seed):
    chance = random.Random(seed)
    dialog = Dialog()
    replicas = [Replica(dialog.conversation, staff=staff) for staff in (True, False)]
    acts = [
        *[lambda: dialog.say(dialog.visitor)] * 3,
        *[lambda: dialog.say(dialog.staff)] * 3,
        lambda: dialog.say(dialog.colleague),
        lambda: dialog.say(dialog.staff, is_note=True),
        *[dialog.take] * 3,
        lambda: dialog.take(dialog.colleague),
        dialog.release,
        dialog.take_back,
        lambda: dialog.release(dialog.manager),
        lambda: dialog.close(dialog.staff, "answered"),
        lambda: dialog.close(dialog.visitor),
        lambda: dialog.rate(chance.choice(["up", "down"])),
        lambda: dialog.read(AuthorKind.OPERATOR, chance.randrange(20)),
    ]
    done = 0

    for _ in range(60):
        try:
            chance.choice(acts)()
        except ChatRefusal:
            continue
        done += 1
        for replica in replicas:
            if chance.random() < 0.4:
                replica.catch_up()

    assert done > 15
    for replica in replicas:
        replica.catch_up()
        fresh = replica.fresh()
        assert replica.fields == fresh.fields
        assert replica.entries == fresh.entries


def test_every_service_that_changes_a_conversation_is_covered():
    modules = (
        assignment,
        conversations,
        follow_ups,
        ladder,
        marks,
        messages,
        offers,
        order_news,
        products,
        ratings,
        routing,
        transcripts,
    )
    public = {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    others = {
        assignment.routed,
        conversations.admit_close,
        ladder.next_step,
        ladder.offset_of,
        ladder.waited_in_hours,
        messages.admit_operator,
        messages.draft_of,
        offers.quote_plan,
        routing.draft_of_department,
        transcripts.send_shop_copy,
        transcripts.send_transcript,
    }

    assert public - others == COVERED
