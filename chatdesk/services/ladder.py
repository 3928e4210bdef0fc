"""The ladder of a question that nobody answers: each step once, at most a second late.

========  ================  ===================================================
step      due after         what happens
========  ================  ===================================================
red       the limit         the shop's holding text, a mail to whoever leads
pass on   the limit         another operator with a free place gets the dialog
tell      supervisors_after managers are told
rescue    rescue_after      the visitor is offered to leave a contact
left      left_after        the question is listed for follow-up
========  ================  ===================================================

Sound, notification and colours before the limit are the workspace's own. Which step is
next and when it is due are facts of the conversation; whoever looks first takes the
step under the row lock, so an answer that was committed before has none of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.db import transaction

from chatdesk.actors import SYSTEM
from chatdesk.conf import get_settings
from chatdesk.errors import Stale
from chatdesk.models import Conversation, Effect, Entry
from chatdesk.selectors.availability import is_anyone_online
from chatdesk.selectors.hours import get_timetable
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.selectors.storefronts import automatic_text
from chatdesk.services.effects import Promise
from chatdesk.services.holding import is_held_off
from chatdesk.services.log import Admission, Appended, Draft, append_entries
from chatdesk.services.owners import note_facts
from chatdesk.services.presence import set_away_for_missed
from chatdesk.services.routing import assign_conversation
from chatdesk.services.waiting import alert_key

AT_ONCE = 200

Step = Conversation.Step


@dataclass(frozen=True, slots=True)
class Due:
    """A step of one question as it was found due."""

    conversation: Conversation
    step: Step
    following: int
    following_at: datetime | None
    has_voice: bool = True
    """Whether an automatic text may promise that somebody answers soon."""


def climb_ladder(*, at: datetime) -> int:
    """Take every step that is due; return how many were taken.

    Steps of one question that were slept through are taken one after another.
    """
    taken = 0
    for _ in Step:
        due = _find_due(at)
        if not due:
            break
        taken += _write([each for each in due if each.step != Step.PASS_ON], at)
        for each in due:
            if each.step == Step.PASS_ON:
                taken += _pass_on(each, at)
    return taken


def offset_of(step: Step) -> timedelta | None:
    """Return after how long a step is due, None when the shop does without it."""
    conf, limit = get_settings(), rules_in_force().limit
    after = {
        Step.RED: limit,
        Step.PASS_ON: limit if conf.pass_on else timedelta(),
        Step.TELL: conf.supervisors_after,
        Step.RESCUE: conf.rescue_after,
        Step.LEFT: conf.left_after,
    }[step]
    return max(after, limit) if after else None


def next_step(done: int) -> tuple[Step, timedelta] | None:
    """Return the next step after so many were done, and how long it waits for."""
    for step in list(Step)[done:]:
        after = offset_of(step)
        if after is not None:
            return step, after
    return None


def _find_due(at: datetime) -> list[Due]:
    late = Conversation.objects.in_progress().filter(alert_at__lte=at)
    rows = late.select_related("visitor", "operator", "storefront")
    found = list(rows.order_by("alert_at")[:AT_ONCE])
    has_voice = is_anyone_online(at=at) if found else True
    looked = (_look(row, at=at, has_voice=has_voice) for row in found)
    return [due for due in looked if due is not None]


def _look(row: Conversation, *, at: datetime, has_voice: bool) -> Due | None:
    upcoming = next_step(row.step)
    if upcoming is None or row.waiting_since is None:
        _put_off(row, until=None)
        return None
    step, after = upcoming
    waited = waited_in_hours(row, at=at)
    if waited < after:
        # The shop was closed meanwhile: time ran and the clock did not.
        _put_off(row, until=_moment_of(row, after))
        return None
    following = next_step(step + 1)
    if following is None:
        return Due(row, step, len(Step), None, has_voice)
    return Due(row, step, following[0], _moment_of(row, following[1]), has_voice)


def waited_in_hours(row: Conversation, *, at: datetime) -> timedelta:
    """Return how long a question has waited while the shop was open."""
    since = row.waiting_since
    if since is None:
        return timedelta()
    timetable = get_timetable(
        storefront_id=row.storefront_id, department_id=row.department_id
    )
    return timedelta(seconds=timetable.seconds_between(since, at))


def _moment_of(row: Conversation, after: timedelta) -> datetime | None:
    """Return when the question will have waited so long; None if the shop is shut."""
    since = row.waiting_since
    if since is None:
        return None
    timetable = get_timetable(
        storefront_id=row.storefront_id, department_id=row.department_id
    )
    return timetable.add(since, after)


def _put_off(row: Conversation, *, until: datetime | None) -> None:
    # Only as it was found: an answer meanwhile has stopped the clock.
    same = Conversation.objects.filter(
        pk=row.pk, alert_at=row.alert_at, waiting_since=row.waiting_since
    )
    same.update(alert_at=until)


def _write(due: list[Due], at: datetime) -> int:
    drafts = [_draft_of(each) for each in due]
    written = append_entries(drafts, at=at, wait=False) if drafts else []
    return sum(isinstance(each, Appended) for each in written)


def _draft_of(due: Due) -> Draft:
    row, step = due.conversation, due.step
    text = _text_of(due)
    return Draft(
        conversation_id=row.pk,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=uuid4(),
        kind=Entry.Kind.AUTO if text else Entry.Kind.RAISED,
        admit=partial(_admit, due, text),
        text=text,
        data={"step": step.name.lower()},
        staff_only=not text,
    )


def _text_of(due: Due) -> str:
    row = due.conversation
    if due.step == Step.RED:
        if not due.has_voice or not get_settings().holding_text or is_held_off(row):
            return ""
        return automatic_text(row.storefront, "holding", language=row.language)
    if due.step == Step.RESCUE:
        return automatic_text(row.storefront, "rescue", language=row.language)
    return ""


def _admit(
    due: Due,
    text: str,
    conversation: Conversation,
    at: datetime,
) -> Admission:
    _climb(due, conversation)
    if due.step == Step.RED and text:
        note_facts(conversation, holding_at=at)
    if due.step == Step.RESCUE and conversation.rescued_at is None:
        note_facts(conversation, rescued_at=at)
    if due.step == Step.LEFT:
        note_facts(conversation, left_at=at, followed_at=None, followed_by_id=None)
    return Admission(promises=_promises(due, conversation, at))


def _climb(due: Due, conversation: Conversation) -> None:
    seen = due.conversation
    if (conversation.waiting_since, conversation.step, conversation.alert_at) != (
        seen.waiting_since,
        seen.step,
        seen.alert_at,
    ):
        raise Stale
    conversation.step = due.following
    conversation.alert_at = due.following_at


def _promises(
    due: Due, conversation: Conversation, at: datetime
) -> tuple[Promise, ...]:
    key = alert_key(conversation)
    due_at = due.conversation.alert_at or at
    if due.step == Step.RED and get_settings().no_reply_mail:
        kind = Effect.Kind.NO_REPLY_ALERT
        return (Promise(kind, conversation.pk, key, due_at),)
    if due.step == Step.TELL:
        kind = Effect.Kind.MANAGER_ALERT
        return (Promise(kind, conversation.pk, f"managers:{key}", due_at),)
    return ()


def _pass_on(due: Due, at: datetime) -> int:
    row = due.conversation
    same = Conversation.objects.filter(
        pk=row.pk,
        alert_at=row.alert_at,
        waiting_since=row.waiting_since,
        step=row.step,
    )
    with transaction.atomic():
        # Climbed first: of two who look at once, one passes it on.
        if not same.update(step=due.following, alert_at=due.following_at):
            return 0
        owner = row.operator_id
        is_passed = assign_conversation(
            row, at=at, passing_on=owner is not None, department_only=False
        )
    if is_passed and owner is not None:
        # He missed it: visitors must not be told that he is there.
        with transaction.atomic():
            set_away_for_missed(operator_id=owner, at=at)
    return 1
