"""Figures for Prometheus; needs the extra ``metrics``.

A host adds them to its own registry, and shows that to whom it likes:
``prometheus_client.REGISTRY.register(ChatdeskCollector())``.
"""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chatdesk import clock
from chatdesk.doorbell.listeners import current
from chatdesk.selectors.health import get_due

GAUGES = {
    "sockets": "Open sockets of this process",
    "operators": "Open sockets of operators in this process",
}
COUNTERS = {
    "doorbell_misses": "Entries that the log showed before any bell announced them",
    "bells_lost": "Bells that could not be carried to other processes",
    "unknown_frames": "Frames of a type that this release does not know",
    "unknown_bells": "Bells of a version that this release does not know",
    "batches": "Transactions of the writer",
    "messages": "Messages in those transactions",
    "commit_seconds": "Seconds that those transactions took",
}


class ChatdeskCollector(Collector):
    """Reads the figures of this process, and of the database what is due.

    Batch size is messages by batches, commit time is commit_seconds by batches.
    """

    def collect(self) -> Iterable[Metric]:
        """Return all figures; two statements."""
        figures = [listener.figures() for listener in current()]
        for name, about in GAUGES.items():
            yield GaugeMetricFamily(f"chatdesk_{name}", about, _sum(figures, name))
        for name, about in COUNTERS.items():
            yield CounterMetricFamily(f"chatdesk_{name}", about, _sum(figures, name))
        due = get_due(at=clock.now())
        yield GaugeMetricFamily("chatdesk_effects_due", "Effects due", due.waiting)
        yield GaugeMetricFamily(
            "chatdesk_effects_oldest_due_seconds", "Age of the oldest", due.oldest_s
        )
        yield GaugeMetricFamily(
            "chatdesk_effects_failed", "Effects given up", due.failed
        )

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering does not ask the database."""
        return ()


def _sum(figures: Iterable[dict[str, float]], name: str) -> float:
    return sum(each.get(name, 0.0) for each in figures)
