"""Calls by push: who is called when, what is sealed, and what ends a subscription."""

from ast import literal_eval
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from chatdesk import worker
from chatdesk.errors import Invalid, NotFound
from chatdesk.models import Effect, Operator, PushSubscription
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.operators import list_desks
from chatdesk.selectors.presence_board import get_board
from chatdesk.senders import push as sender
from chatdesk.services.activity import note_sight
from chatdesk.services.push import promise_pushes, promise_trial
from chatdesk.services.subscriptions import (
    Browser,
    forget_login,
    subscribe_browser,
    unsubscribe_browser,
)
from tests.factories import (
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
    say,
)
from tests.services.push import ENDPOINT, run_push_service
from tests.services.push import Browser as Phone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys(settings):
    """Set what the command prints, as a shop pastes it."""
    printed = StringIO()
    call_command("chatdesk_vapid", stdout=printed)
    keys = literal_eval("{" + printed.getvalue() + "}")
    settings.CHATDESK = {**keys, "VAPID_CONTACT": "mailto:owner@shop.example"}


@pytest.fixture
def service(monkeypatch):
    with run_push_service() as running:
        monkeypatch.setattr(sender, "open_connection", running.connect)
        yield running


@pytest.fixture
def operator():
    return make_operator()


def subscribe(operator, phone=None, *, endpoint=ENDPOINT, session_key=""):
    browser = Browser(
        endpoint=endpoint, session_key=session_key, **(phone or Phone()).keys
    )
    actor = actor_of_operator(operator)
    return subscribe_browser(actor=actor, browser=browser, at=timezone.now())


def ask(operator=None):
    now = timezone.now() - timedelta(seconds=5)
    conversation = make_conversation(at=now)
    if operator is not None:
        type(conversation).objects.filter(pk=conversation.pk).update(
            operator=operator, status="open"
        )
    return conversation


def run():
    worker.run_due(at=timezone.now())
    return [each.state for each in Effect.objects.filter(kind=Effect.Kind.PUSH)]


def test_a_phone_reads_that_somebody_waits_and_no_word_of_his(service, operator):
    phone = Phone()
    subscribe(operator, phone)
    conversation = ask()

    assert run() == ["done"]
    ((path, headers, body),) = service.taken
    told = phone.read(body)
    assert path == "/fcm/send/one"
    assert told["conv"] == headers["topic"] == conversation.public_id.hex
    assert "stock" not in str(told)
    assert headers["authorization"].startswith("vapid t=")
    assert b"waits" not in body


def test_words_travel_only_where_the_shop_says_so(service, operator, settings):
    settings.CHATDESK = {**settings.CHATDESK, "PUSH_TEXT": True}
    phone = Phone()
    subscribe(operator, phone)
    ask()
    run()
    assert phone.read(service.taken[0][2])["body"] == "Is it in stock?"


def test_one_question_calls_a_phone_once(service, operator):
    subscribe(operator)
    ask()
    run()
    assert promise_pushes(at=timezone.now()) == 0
    run()
    assert len(service.taken) == 1


def test_a_trial_calls_every_device_of_his_own_and_no_other(service, operator):
    phone, tablet = Phone(), Phone()
    subscribe(operator, phone)
    subscribe(operator, tablet, endpoint=ENDPOINT + "-two")
    subscribe(make_operator(name="Boris"), endpoint=ENDPOINT + "-three")
    bring_online(operator, at=timezone.now())

    assert promise_trial(actor=actor_of_operator(operator), at=timezone.now()) == 2
    assert run() == ["done", "done"]

    bodies = [body for _path, _headers, body in service.taken]
    assert len(bodies) == 2
    told = phone.read(bodies[0])
    assert told["always"] is True
    assert told["title"] == "This is how a waiting visitor calls you"
    assert "conv" not in told
    reached = PushSubscription.objects.filter(reached_at__isnull=False)
    assert set(reached.values_list("operator_id", flat=True)) == {operator.pk}


def test_a_trial_is_no_way_to_flood_a_phone(operator):
    subscribe(operator)
    at = timezone.now().replace(second=3, microsecond=0)
    actor = actor_of_operator(operator)

    for second in (0, 1, 20, 30):
        promise_trial(actor=actor, at=at + timedelta(seconds=second))

    assert Effect.objects.filter(kind=Effect.Kind.PUSH).count() == 2


def test_a_trial_without_devices_or_keys_promises_nothing(operator, settings):
    actor = actor_of_operator(operator)
    assert promise_trial(actor=actor, at=timezone.now()) == 0
    subscribe(operator)
    settings.CHATDESK = {}
    assert promise_trial(actor=actor, at=timezone.now()) == 0
    assert not Effect.objects.exists()


def test_a_trial_finds_out_that_a_browser_gave_up(service, operator):
    subscribe(operator)
    service.status = 410

    promise_trial(actor=actor_of_operator(operator), at=timezone.now())

    assert run() == ["cancelled"]
    assert not PushSubscription.objects.exists()


def test_the_alert_steps_call_once_more_each(operator):
    subscribe(operator)
    conversation = ask(operator)
    now = timezone.now()
    promised = []
    for step in (0, 1, 1, 3):
        type(conversation).objects.filter(pk=conversation.pk).update(step=step)
        promised.append(promise_pushes(at=now))
    assert promised == [1, 1, 0, 1]


def test_who_looks_at_the_workspace_is_not_called_until_he_looks_away(operator):
    subscribe(operator)
    tab = bring_online(operator, at=timezone.now())
    ask()
    assert promise_pushes(at=timezone.now()) == 0
    note_sight(shown=(), hidden=[tab])
    assert promise_pushes(at=timezone.now()) == 1


@pytest.mark.parametrize("change", [{"status": "offline"}, {"is_active": False}])
def test_who_went_home_or_was_dismissed_is_not_called(operator, change):
    subscribe(operator)
    Operator.objects.filter(pk=operator.pk).update(**change)
    ask()
    assert promise_pushes(at=timezone.now()) == 0


def test_a_colleagues_question_calls_managers_when_they_are_told(
    operator,
):
    subscribe(operator)
    boss = make_operator(name="Boss", is_manager=True)
    subscribe(boss, endpoint=f"{ENDPOINT}-boss")
    conversation = ask(make_operator(name="Dmitry"))
    assert promise_pushes(at=timezone.now()) == 0
    type(conversation).objects.filter(pk=conversation.pk).update(step=3)
    assert promise_pushes(at=timezone.now()) == 1


def test_an_answer_in_time_calls_nobody(service, operator):
    subscribe(operator)
    conversation = ask(operator)
    promise_pushes(at=timezone.now())
    say(conversation, actor_of_operator(operator), "Yes.", at=timezone.now())
    assert run() == ["cancelled"]
    assert service.taken == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_gave_up_is_forgotten(service, operator, status):
    service.status = status
    subscribe(operator)
    ask()
    assert run() == ["cancelled"]
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("status", "state"), [(429, "due"), (503, "due"), (403, "failed"), (302, "failed")]
)
def test_a_busy_service_is_tried_again_and_a_refusal_is_final(
    service, operator, status, state
):
    service.status, service.location = status, "http://127.0.0.1:1/"
    subscribe(operator)
    ask()
    assert run() == [state]
    assert PushSubscription.objects.get().failures == 1
    assert len(service.taken) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/a",
        "https://fcm.googleapis.com.evil.example/a",
        "https://evilfcm.googleapis.com@10.0.0.1/a",
        "https://fcm.googleapis.com:8443/a",
        "https://user@fcm.googleapis.com/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://169.254.169.254/latest",
        "https://localhost/a",
        "https://fcm.googleapis.com/a b",
        "https://notfcm.googleapis.com/a",
        "https://fcm.googleapis.com/" + "a" * 600,
        "javascript:alert(1)",
        "",
    ],
)
def test_only_a_known_push_service_may_be_named(operator, endpoint):
    with pytest.raises(Invalid):
        subscribe(operator, endpoint=endpoint)


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", ""), ("QQ", "QQ"), ("é", "é"), ("A" * 87, "A" * 22)]
)
def test_keys_that_are_none_are_refused(operator, p256dh, auth):
    browser = Browser(endpoint=ENDPOINT, p256dh=p256dh, auth=auth)
    with pytest.raises(Invalid):
        subscribe_browser(
            actor=actor_of_operator(operator), browser=browser, at=timezone.now()
        )


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"])
def test_a_name_that_leads_inside_is_not_called(monkeypatch, address):
    found = [(2, 1, 6, "", (address, 443))]
    monkeypatch.setattr(sender.socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(sender.PushRefused):
        sender.open_connection("fcm.googleapis.com")


def test_without_keys_there_is_no_push(operator, settings):
    settings.CHATDESK = {}
    with pytest.raises(NotFound):
        subscribe(operator)
    assert promise_pushes(at=timezone.now()) == 0


def test_a_browser_is_its_latest_users_alone(operator):
    colleague = make_operator(name="Dmitry")
    subscribe(operator)
    subscribe(colleague)
    assert PushSubscription.objects.get().operator == colleague
    unsubscribe_browser(actor=actor_of_operator(operator), endpoint=ENDPOINT)
    assert PushSubscription.objects.exists()


def test_of_many_browsers_the_oldest_is_forgotten(operator):
    for number in range(12):
        subscribe(operator, endpoint=f"{ENDPOINT}-{number}")
    kept = set(PushSubscription.objects.values_list("endpoint", flat=True))
    assert len(kept) == 10
    assert f"{ENDPOINT}-0" not in kept


def test_signing_out_ends_what_that_session_subscribed(operator):
    subscribe(operator, session_key="one")
    forget_login(session_key="other")
    assert PushSubscription.objects.exists()
    forget_login(session_key="one")
    assert not PushSubscription.objects.exists()


def test_a_new_password_ends_what_was_subscribed_before_it(operator, service):
    subscribe(operator)
    ask(operator)
    operator.user.set_password("another one, and long")
    operator.user.save()
    assert promise_pushes(at=timezone.now()) == 0
    worker.sweep(at=timezone.now())
    assert not PushSubscription.objects.exists()
    operator.refresh_from_db()
    subscribe(operator)
    worker.sweep(at=timezone.now())
    assert PushSubscription.objects.exists()
    assert promise_pushes(at=timezone.now()) == 1


def test_by_phone_only_is_neither_online_nor_offline(operator):
    subscribe(operator)
    now = timezone.now()
    (desk,) = list_desks(at=now)
    assert (desk.state, desk.is_online, desk.has_place) == ("phone", False, False)
    assert get_board(at=now).online == 0
    assert get_availability(at=now).state == "away"
    Operator.objects.update(status="offline")
    assert list_desks(at=now)[0].state == "offline"


def test_a_phone_that_cannot_be_reached_counts_no_more(operator):
    subscribe(operator)
    PushSubscription.objects.update(failures=3)
    assert list_desks(at=timezone.now())[0].state == "offline"


def test_nobody_waiting_costs_one_query(operator, django_assert_num_queries):
    subscribe(operator)
    promise_pushes(at=timezone.now())
    with django_assert_num_queries(1):
        promise_pushes(at=timezone.now())


def test_many_waiting_cost_no_more_than_one(operator, django_assert_max_num_queries):
    subscribe(operator)
    for _ in range(5):
        ask()
    with django_assert_max_num_queries(7):
        assert promise_pushes(at=timezone.now()) == 5
