"""Calls by push: for an operator who has no page of the workspace in sight.

Looked for once a second where keys are set: a question costs nothing of its own. Each
device is called once for each step of a question: when it waits, when it is over the
limit, when managers are told.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db.models import F
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from chatdesk import clock
from chatdesk.actors import OperatorActor
from chatdesk.conf import get_settings
from chatdesk.models import (
    Conversation,
    Effect,
    Lease,
    Membership,
    Operator,
    PushSubscription,
)
from chatdesk.selectors.hours import is_open
from chatdesk.selectors.operators import who_may_answer
from chatdesk.senders.push import (
    Device,
    Note,
    PushGone,
    is_push_possible,
    send_push,
)
from chatdesk.services.effects import NotNeeded, Promise, promise_effects
from chatdesk.services.subscriptions import is_of_password
from chatdesk.services.waiting import alert_key

AT_ONCE = 100
TTL_S = 300
LONGEST_TEXT = 120
TRIAL = "push:trial:"
TRIAL_S = 30

Step = Conversation.Step


@dataclass(frozen=True, slots=True)
class _Reachable:
    """Who has a device that may be called now."""

    operator: Operator
    actor: OperatorActor
    devices: tuple[PushSubscription, ...]
    departments: frozenset[int]


def promise_pushes(*, at: datetime) -> int:
    """Promise the calls of the questions that wait now; return how many are new.

    Whoever has the workspace in the foreground is not called, nor who chose to be
    offline. One question at one step calls one device once.
    """
    if not is_push_possible() or not is_open(at):
        return 0
    rows = Conversation.objects.in_progress().filter(waiting_since__lte=at)
    waiting = list(rows.order_by("waiting_since")[:AT_ONCE])
    people = list(_reachable(at)) if waiting else []
    promises = {
        promise.key: promise
        for row in waiting
        for person in people
        if _concerns(row, person)
        for promise in _promises(row, person, at)
    }
    known = Effect.objects.filter(key__in=promises).values_list("key", flat=True)
    for key in list(known) if promises else ():
        del promises[key]
    promise_effects(promises.values(), at=at)
    return len(promises)


def promise_trial(*, actor: OperatorActor, at: datetime) -> int:
    """Promise a call to each device of the operator, by which he sees that it comes.

    At most one in half a minute for each. Return how many devices he has.
    """
    if not is_push_possible():
        return 0
    rows = list(PushSubscription.objects.filter(operator_id=actor.id))
    moment = int(at.timestamp()) // TRIAL_S
    promise_effects(
        [
            Promise(
                Effect.Kind.PUSH,
                None,
                f"{TRIAL}{row.pk}:{moment}",
                at,
                target=str(row.public_id),
            )
            for row in rows
        ],
        at=at,
    )
    return len(rows)


def send_call(effect: Effect) -> None:
    """Call one device; raises ``NotNeeded`` when the call would come too late.

    The question was answered, somebody else has it, the operator looks at the
    workspace or may not answer any more. A device that is no more is forgotten.
    """
    device = _device_of(effect)
    if effect.key.startswith(TRIAL):
        _hand_over(device, Note(_trial_text(device), "trial", TTL_S))
        return
    conversation = _still_waiting(effect)
    moment = clock.now()
    person = next((each for each in _reachable(moment) if device in each.devices), None)
    if person is None or not _concerns(conversation, person):
        raise NotNeeded("He looks at the workspace, or it is not his any more.")
    topic = conversation.public_id.hex
    _hand_over(device, Note(_text(conversation, device), topic, TTL_S))


def _hand_over(device: PushSubscription, note: Note) -> None:
    to = Device(device.endpoint, device.p256dh, device.auth)
    mine = PushSubscription.objects.filter(pk=device.pk)
    try:
        send_push(to, note)
    except PushGone as error:
        mine.delete()
        raise NotNeeded("The browser gave the subscription up.") from error
    except Exception:
        mine.update(failures=F("failures") + 1)
        raise
    mine.update(failures=0, reached_at=clock.now())


def _device_of(effect: Effect) -> PushSubscription:
    row = PushSubscription.objects.filter(public_id=effect.target).first()
    if row is None:
        raise NotNeeded("The browser is subscribed no more.")
    return row


def _still_waiting(effect: Effect) -> Conversation:
    pk = cast("int", effect.conversation_id)
    row = Conversation.objects.select_related("visitor").filter(pk=pk).first()
    if row is None or not effect.key.startswith(f"push:{alert_key(row)}:"):
        raise NotNeeded("The question was answered or the dialog ended.")
    return row


def _reachable(at: datetime) -> Iterator[_Reachable]:
    """Yield whom a push would reach and who looks at no workspace, few queries."""
    devices: dict[int, list[PushSubscription]] = {}
    for row in PushSubscription.objects.order_by("pk"):
        devices.setdefault(row.operator_id, []).append(row)
    if not devices:
        return
    looking = _looking(at)
    departments: dict[int, set[int]] = {}
    for member in Membership.objects.filter(operator_id__in=devices):
        departments.setdefault(member.operator_id, set()).add(member.department_id)
    people = Operator.objects.filter(pk__in=devices.keys() - looking)
    for operator, actor in who_may_answer(people):
        if actor is not None and operator.status != Operator.Status.OFFLINE:
            rows = devices[operator.pk]
            valid = tuple(row for row in rows if is_of_password(row, operator.user))
            own = frozenset(departments.get(operator.pk, ()))
            yield _Reachable(operator, actor, valid, own)


def _looking(at: datetime) -> set[int]:
    """Return who has a workspace in the foreground and touched it of late."""
    shown = Lease.objects.filter(expires_at__gt=at, is_shown=True)
    touched = get_settings().idle_after
    if touched:
        shown = shown.filter(active_at__gt=at - touched)
    return set(shown.values_list("operator_id", flat=True))


def _concerns(row: Conversation, person: _Reachable) -> bool:
    if row.operator_id == person.operator.pk:
        return True
    if person.actor.is_manager and row.step > Step.TELL:
        return True
    if row.operator_id is not None:
        return False
    is_here = person.operator.status == Operator.Status.ONLINE
    is_idle = person.operator.away_reason == Operator.IDLE
    department = row.department_id
    is_his = department is None or department in person.departments
    return (is_here or is_idle) and is_his


def _promises(row: Conversation, person: _Reachable, at: datetime) -> Iterator[Promise]:
    level = sum(row.step > each for each in (Step.RED, Step.TELL))
    for device in person.devices:
        key = f"push:{alert_key(row)}:{level}:{device.pk}"
        yield Promise(Effect.Kind.PUSH, row.pk, key, at, target=str(device.public_id))


def _text(row: Conversation, device: PushSubscription) -> bytes:
    """Return what is sealed: whether he waits, and no word of his unless set so."""
    conf = get_settings()
    with override(device.language or settings.LANGUAGE_CODE):
        title = _("A visitor waits for an answer")
        body = ""
        if conf.push_text:
            name = row.visitor.name or _("Guest")
            title = _("%(name)s waits for an answer") % {"name": _short(name)}
            body = _short(row.preview)
    told = {"title": title, "body": body, "conv": row.public_id.hex, "url": _page()}
    return json.dumps(told, ensure_ascii=False).encode()


def _trial_text(device: PushSubscription) -> bytes:
    with override(device.language or settings.LANGUAGE_CODE):
        title = _("This is how a waiting visitor calls you")
    told = {"title": title, "url": _page(), "always": True}
    return json.dumps(told, ensure_ascii=False).encode()


def _short(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown[:LONGEST_TEXT]


def _page() -> str:
    try:
        return reverse("chatdesk:console")
    except NoReverseMatch:
        return ""
