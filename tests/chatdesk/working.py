"""The worker, hurried: what is due later is done now, in its order."""

from chatdesk import worker
from chatdesk.models import Effect


def work() -> None:
    """Run the worker at each moment at which something is due, to the last."""
    due = Effect.objects.filter(state=Effect.State.DUE)
    while moment := due.order_by("due_at").values_list("due_at", flat=True).first():
        worker.run_due(at=moment)
