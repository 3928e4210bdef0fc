"""Finds an operator for a question and says why him; nobody gets more than he may.

A new question is looked at once: rules choose its department and its place in the
line. Where dialogs are assigned by themselves it is given away at once, else operators
press Take; what waited over the limit is given away in any case as soon as somebody
has a place.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from chatdesk.actors import SYSTEM
from chatdesk.conf import get_settings
from chatdesk.errors import CapacityFull, Forbidden, Stale
from chatdesk.models import AuthorKind, Conversation, Department, Entry
from chatdesk.selectors.operators import get_desk
from chatdesk.selectors.routing import (
    Candidate,
    Choice,
    choose,
    known_operator,
    list_candidates,
    route_of,
)
from chatdesk.services.assignment import routed
from chatdesk.services.log import ADMITTED, Admission, Appended, Draft, append_entries
from chatdesk.services.owners import Reason, end_assignment, give_to, note_facts

AT_ONCE = 100
IN_LINE = 50


def route_waiting(*, at: datetime) -> int:
    """Look at the questions that came since the last look; return how many."""
    due = Conversation.objects.in_progress().filter(route_at__lte=at)
    rows = due.select_related("visitor", "operator").order_by("route_at")
    found = list(rows[:AT_ONCE])
    for conversation in found:
        route_conversation(conversation, at=at)
    return len(found)


def route_conversation(conversation: Conversation, *, at: datetime) -> None:
    """Choose department and place in the line, and an operator where that is set.

    One that comes back to an operator whose places are taken waits for anyone again,
    first in line.
    """
    if conversation.operator_id is not None and not _make_room(conversation, at):
        _mark_routed(conversation)
        return
    route = route_of(conversation)
    if route.department_id is not None:
        _write_department(conversation, route.department_id, at)
    _mark_routed(conversation, head_start=route.head_start)
    if route.department_id is not None:
        conversation.department_id = route.department_id
    if get_settings().auto_assign:
        assign_conversation(conversation, at=at)


def fill_places(*, at: datetime) -> int:
    """Give those in line to operators with a free place, the first in line first.

    Where operators press Take, only those who waited over the limit. Returns how many.
    """
    line = Conversation.objects.in_line().filter(route_at=None)
    if not get_settings().auto_assign:
        if not get_settings().pass_on:
            return 0
        line = line.filter(step__gt=Conversation.Step.PASS_ON)
    rows = list(line.select_related("visitor")[:IN_LINE])
    if not rows or not list_candidates(at=at, department_id=None):
        return 0
    return sum(
        assign_conversation(row, at=at, department_only=row.step <= 1) for row in rows
    )


def assign_conversation(
    conversation: Conversation,
    *,
    at: datetime,
    passing_on: bool = False,
    department_only: bool = True,
) -> bool:
    """Give a question to whoever fits best; return whether somebody got it.

    ``passing_on`` takes it from an owner who does not answer. Somebody else may be
    faster: then nothing is done. One whose last place was just taken is left out.
    """
    owner = conversation.operator_id
    tried = set() if owner is None else {owner}
    known = known_operator(visitor_id=conversation.visitor_id)
    while True:
        found = _candidates(conversation, at, tried, department_only=department_only)
        choice = choose(found, known=known)
        if choice is None:
            return False
        draft = _assignment(conversation, choice, passing_on=passing_on)
        (result,) = append_entries([draft], at=at, wait=False)
        if isinstance(result, Appended):
            return True
        if not isinstance(result, CapacityFull | Forbidden):
            return False
        tried.add(choice.candidate.operator_id)


def _candidates(
    conversation: Conversation,
    at: datetime,
    tried: Collection[int],
    *,
    department_only: bool,
) -> list[Candidate]:
    department = conversation.department_id
    found = list_candidates(at=at, department_id=department, without=tried)
    if found or department_only or department is None:
        return found
    return list_candidates(at=at, department_id=None, without=tried)


def _assignment(
    conversation: Conversation, choice: Choice, *, passing_on: bool
) -> Draft:
    chosen = choice.candidate
    reason = Reason.PASSED_ON if passing_on else choice.reason
    facts = {
        "why": choice.reason.value,
        "to": chosen.name,
        "load": chosen.load,
        "from": conversation.operator.name if conversation.operator else "",
    }
    return Draft(
        conversation_id=conversation.pk,
        author_kind=AuthorKind.OPERATOR,
        author_id=chosen.operator_id,
        cmid=uuid4(),
        kind=Entry.Kind.TAKEN,
        admit=partial(
            _admit_assignment,
            conversation.operator_id,
            chosen.operator_id,
            reason,
            facts,
        ),
        data={"name": chosen.name},
    )


def _admit_assignment(  # noqa: PLR0913, PLR0917 - private, in one place
    owner_id: int | None,
    operator_id: int,
    reason: Reason,
    facts: dict[str, object],
    conversation: Conversation,
    at: datetime,
) -> Admission:
    if conversation.waiting_since is None or conversation.operator_id != owner_id:
        raise Stale
    give_to(conversation, operator_id, reason, at=at)
    if reason == Reason.PASSED_ON:
        note_facts(conversation, passed_on_at=at)
    return Admission(leading=(routed(reason, **facts),))


def _make_room(conversation: Conversation, at: datetime) -> bool:
    """Let a dialog that came back wait for anyone if its owner has no place for it."""
    operator_id = conversation.operator_id
    if operator_id is None:
        return True
    desk = get_desk(operator_id=operator_id, at=at)
    if desk.is_online and desk.load <= desk.operator.capacity:
        return False
    draft = Draft(
        conversation_id=conversation.pk,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=uuid4(),
        kind=Entry.Kind.RELEASED,
        admit=partial(_admit_return, operator_id),
        data={"name": desk.operator.name, "reason": "came_back"},
        staff_only=True,
    )
    (result,) = append_entries([draft], at=at, wait=False)
    if not isinstance(result, Appended):
        return False
    conversation.operator = None
    conversation.status = Conversation.Status.WAITING
    return True


def _admit_return(
    operator_id: int, conversation: Conversation, at: datetime
) -> Admission:
    if not conversation.is_held_by(operator_id) or conversation.waiting_since is None:
        raise Stale
    end_assignment(conversation, at=at)
    conversation.operator = None
    conversation.status = Conversation.Status.WAITING
    return ADMITTED


def _write_department(
    conversation: Conversation, department_id: int, at: datetime
) -> None:
    """Note the department in the log, unless it stays."""
    if conversation.department_id != department_id:
        draft = draft_of_department(conversation, department_id)
        append_entries([draft], at=at, wait=False)


def draft_of_department(conversation: Conversation, department_id: int) -> Draft:
    """Return the entry that says where the rules sent a question."""
    department = Department.objects.get(pk=department_id)
    return Draft(
        conversation_id=conversation.pk,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=uuid4(),
        kind=Entry.Kind.ROUTED,
        admit=partial(_admit_department, department_id),
        data={"how": "department", "to": department.name},
        staff_only=True,
    )


def _admit_department(
    department_id: int, conversation: Conversation, _at: datetime
) -> Admission:
    if conversation.is_closed or conversation.department_id == department_id:
        raise Stale  # Another process looked at it in the same second.
    note_facts(conversation, department_id=department_id)
    return ADMITTED


def _mark_routed(conversation: Conversation, *, head_start: int = 0) -> None:
    """Say that it was looked at, unless a newer question is to be looked at."""
    facts: dict[str, object] = {"route_at": None}
    if head_start != conversation.head_start and conversation.line_at is not None:
        gained = timedelta(seconds=head_start - conversation.head_start)
        facts |= {
            "head_start": head_start,
            "line_at": conversation.line_at - gained,
        }
    same = Conversation.objects.filter(
        pk=conversation.pk, route_at=conversation.route_at
    )
    same.update(**facts)
