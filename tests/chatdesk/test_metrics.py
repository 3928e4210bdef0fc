"""What a host's Prometheus is told."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from chatdesk.doorbell import listeners
from chatdesk.metrics import ChatdeskCollector
from tests.factories import NOON, make_conversation

pytestmark = [pytest.mark.django_db]


class Process:
    """A process that has counted something."""

    def figures(self):
        return {"sockets": 3, "doorbell_misses": 2, "batches": 4, "messages": 10}


@pytest.fixture
def registry():
    registry = CollectorRegistry()
    registry.register(ChatdeskCollector())
    return registry


def test_registering_asks_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        CollectorRegistry().register(ChatdeskCollector())


def test_it_adds_up_the_processes_of_this_one(registry, django_assert_num_queries):
    listeners.listen(Process())
    listeners.listen(Process())
    with django_assert_num_queries(2):
        text = generate_latest(registry).decode()
    assert "chatdesk_sockets 6.0" in text
    assert "chatdesk_doorbell_misses_total 4.0" in text
    assert "chatdesk_messages_total 20.0" in text
    assert "chatdesk_bells_lost_total 0.0" in text


def test_it_tells_what_is_due(registry):
    make_conversation(at=NOON)
    text = generate_latest(registry).decode()
    assert "chatdesk_effects_due 1.0" in text
    (line,) = [
        each
        for each in text.splitlines()
        if each.startswith("chatdesk_effects_oldest_due_seconds")
    ]
    assert float(line.split()[1]) > 0
