"""The health page: honest about each part, and about nobody."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from chatdesk import tasks, worker
from chatdesk.doorbell import listeners
from chatdesk.models import Effect
from chatdesk.selectors import health
from chatdesk.selectors.epoch import current_epoch
from tests.factories import make_conversation

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ADDRESS = "/chatdesk/health/"


class Process:
    """A process that serves sockets, as far as its health goes."""

    def __init__(self, layer_state):
        self.layer_state = layer_state


@pytest.fixture(autouse=True)
def nobody_ran():
    cache.clear()


@pytest.fixture
def due_effect():
    return Effect.objects.create(
        kind=Effect.Kind.TRANSCRIPT_MAIL,
        key="copy",
        conversation=make_conversation(entries=()),
        due_at=timezone.now() - timedelta(minutes=5),
        promised_at=timezone.now(),
    )


def test_a_quiet_chat_is_well(client, django_assert_num_queries):
    current_epoch()  # The first look writes it down.
    with django_assert_num_queries(3):
        response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("max-age=0")
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "layer": "unknown",
        "effects": {"due": 0, "oldest_due_s": 0.0, "failed": 0},
        "ran_s_ago": {"web": None, "celery": None, "command": None},
    }


def test_without_the_database_it_is_down(client, monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(health, "current_epoch", away)
    response = client.get(ADDRESS)
    assert response.status_code == 503
    assert response.json() == {"status": "down", "database": "away"}


@pytest.mark.parametrize(
    ("states", "layer", "status"),
    [
        (["ok"], "ok", "ok"),
        (["none"], "none", "ok"),
        (["ok", "away"], "away", "degraded"),
    ],
)
def test_it_knows_whether_other_processes_hear_this_one(client, states, layer, status):
    for state in states:
        listeners.listen(Process(state))
    found = client.get(ADDRESS).json()
    assert (found["layer"], found["status"]) == (layer, status)


def test_what_nobody_does_degrades_it(client, due_effect):
    found = client.get(ADDRESS).json()
    assert found["status"] == "degraded"
    assert found["effects"]["due"] == 1
    assert found["effects"]["oldest_due_s"] == pytest.approx(300, abs=30)


def test_a_question_over_the_limit_that_nobody_looked_at_degrades_it(client):
    make_conversation(at=timezone.now() - timedelta(minutes=5))
    found = client.get(ADDRESS).json()
    assert (found["status"], found["effects"]["due"]) == ("degraded", 1)


def test_what_was_given_up_is_counted(client, due_effect):
    Effect.objects.update(state=Effect.State.FAILED)
    assert client.get(ADDRESS).json()["effects"]["failed"] == 1


def test_it_tells_who_looked_for_what_is_due_and_when(client):
    worker.run_due(at=timezone.now() - timedelta(seconds=90))
    tasks.drain()
    ran = client.get(ADDRESS).json()["ran_s_ago"]
    assert ran["web"] == pytest.approx(90, abs=30)
    assert ran["celery"] == pytest.approx(0, abs=30)
    assert ran["command"] is None


def test_a_cache_that_is_away_leaves_it_unknown_who_ran(client, monkeypatch):
    def away(*_arguments, **_named):
        raise ConnectionError

    monkeypatch.setattr(cache, "set", away)
    monkeypatch.setattr(cache, "get_many", away)
    worker.run_due(at=timezone.now())
    found = client.get(ADDRESS).json()
    assert found["ran_s_ago"] == {"web": None, "celery": None, "command": None}


def test_it_is_only_looked_at(client):
    assert client.post(ADDRESS).status_code == 405
