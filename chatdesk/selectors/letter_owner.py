"""Whose task a letter is to be, before anybody has taken its dialog."""

from datetime import datetime

from django.db.models import Count, Q

from chatdesk.models import Conversation, Letter, Membership, Operator, Shift
from chatdesk.selectors.operators import who_may_answer
from chatdesk.selectors.routing import known_operator


def pick_owner(
    conversation: Conversation, *, department_id: int | None, due_at: datetime
) -> Operator | None:
    """Return who is to answer a letter, None where it is everybody's.

    Whoever leads the dialog; who knows the visitor; of the department that the rules
    name, who has the fewest open letters; else who answers for the shift in which it
    is due. Only somebody who may still answer: who left gets no task.
    """
    able = {
        row.pk: row
        for row, actor in who_may_answer(Operator.objects.filter(is_active=True))
        if actor is not None
    }
    wanted = [
        conversation.operator_id,
        known_operator(visitor_id=conversation.visitor_id),
        *_members(department_id),
        _responsible(due_at),
    ]
    return next((able[each] for each in wanted if each in able), None)


def _members(department_id: int | None) -> list[int]:
    """Return who answers in the department, the fewest open letters first."""
    if department_id is None:
        return []
    is_open = Q(operator__letters__state=Letter.State.OPEN)
    rows = Membership.objects.filter(department_id=department_id).annotate(
        open_letters=Count("operator__letters", filter=is_open)
    )
    ordered = rows.order_by("open_letters", "operator_id")
    return list(ordered.values_list("operator_id", flat=True))


def _responsible(due_at: datetime) -> int | None:
    shifts = Shift.objects.filter(
        is_responsible=True, begins_at__lt=due_at, ends_at__gte=due_at
    )
    rows = shifts.order_by("begins_at", "pk").values_list("operator_id", flat=True)
    return rows.first()
