"""Asking the shop without depending on it: late, broken and absent answers.

Adapters run the shop's code, and a dialog must go on whatever that does. Questions are
asked in a few threads of their own with one deadline for all of them; what raised or
came too late is answered with a default and a word on what was wrong. Inside a
transaction the caller's own thread asks, so that it sees its own writes.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import get_language, override

from chatdesk.conf import get_settings
from chatdesk.errors import ChatRefusal, ShopSaysNo, ShopSilent
from chatdesk.shop.adapter import ShopAdapter, get_adapter
from chatdesk.shop.people import ShopRefusal

THREADS = 8
TOLD_FOR_S = 60.0
MOST_TOLD = 200

logger = logging.getLogger(__name__)

Trouble = Literal["", "failed", "slow"]
Question = Callable[[], Any]
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Answer(Generic[ValueT]):
    """What the shop said, or a default and what was wrong."""

    value: ValueT
    trouble: Trouble = ""


@dataclass
class _Desk:
    """Who may ask at once, and which troubles the log has been told of lately."""

    free: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(THREADS)
    )
    told: dict[tuple[str, str], float] = field(default_factory=dict)


_desk = _Desk()


def ask(name: str, question: Callable[[], ValueT], default: ValueT) -> Answer[ValueT]:
    """Ask the shop one thing; see ``ask_all``."""
    found: Answer[ValueT] = ask_all({name: question}, {name: default})[name]
    return found


def ask_all(
    questions: Mapping[str, Question], defaults: Mapping[str, Any]
) -> dict[str, Answer[Any]]:
    """Ask the shop several things at once; never raises, returns within the deadline.

    A ``ShopRefusal`` is an answer and is raised: the shop said no in words.
    """
    if any(transaction.get_connection(alias).in_atomic_block for alias in connections):
        return {
            name: ask_here(name, question, defaults[name])
            for name, question in questions.items()
        }
    until = time.monotonic() + get_settings().shop_wait.total_seconds()
    asked = {name: _submit(question) for name, question in questions.items()}
    wait_for(
        [each for each in asked.values() if each], max(until - time.monotonic(), 0.0)
    )
    return {name: _read(name, each, defaults[name]) for name, each in asked.items()}


def ask_here(
    name: str, question: Callable[[], ValueT], default: ValueT
) -> Answer[ValueT]:
    """Ask the shop one thing in the caller's own thread, for what must not leave it."""
    began = time.monotonic()
    try:
        if transaction.get_connection().in_atomic_block:
            # What fails in the database must not take the caller's work along.
            with transaction.atomic():
                value = question()
        else:
            value = question()
    except ShopRefusal:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a shop's code may raise
        return _fail(name, error, default)
    if time.monotonic() - began > get_settings().shop_wait.total_seconds():
        _tell(name, "slow")
    return Answer(value)


def _submit(question: Question) -> "Future[Any] | None":
    """Hand a question to a thread; None when all of them wait for the shop."""
    if not _desk.free.acquire(timeout=get_settings().shop_wait.total_seconds() / 4):
        return None
    asked: Future[Any] = Future()
    question = _as_here(question)
    # Not a pool: a shop that never answers must not keep the process from ending.
    threading.Thread(
        target=copy_context().run,
        args=(_run, question, asked),
        name="chatdesk-shop",
        daemon=True,
    ).start()
    return asked


def _as_here(question: Question) -> Question:
    """Return a question that is asked in the language and time zone of the reader.

    Both belong to the thread that serves him; no other one knows them by itself.
    """
    language, zone = get_language(), timezone.get_current_timezone()

    def asked() -> Any:
        with override(language), timezone.override(zone):
            return question()

    return asked


def _run(question: Question, asked: "Future[Any]") -> None:
    try:
        value = question()
    except BaseException as error:  # noqa: BLE001 - read where it is waited for
        connections.close_all()
        asked.set_exception(error)
    else:
        connections.close_all()
        asked.set_result(value)
    finally:
        _desk.free.release()


def _read(name: str, asked: "Future[Any] | None", default: Any) -> Answer[Any]:
    if asked is None or not asked.done():
        _tell(name, "slow")
        return Answer(default, "slow")
    error = asked.exception()
    if isinstance(error, ShopRefusal):
        raise error
    if error is not None:
        return _fail(name, error, default)
    return Answer(asked.result())


def _fail(name: str, error: BaseException, default: Any) -> Answer[Any]:
    _tell(name, type(error).__name__, error)
    return Answer(default, "failed")


def _tell(name: str, what: str, error: BaseException | None = None) -> None:
    """Log a trouble, the same one at most once a minute."""
    now = time.monotonic()
    if now - _desk.told.get((name, what), -TOLD_FOR_S) < TOLD_FOR_S:
        return
    if len(_desk.told) >= MOST_TOLD:
        _desk.told.clear()
    _desk.told[name, what] = now
    if error is None:
        logger.error("The shop's adapter is too slow: %s", name)
    else:
        logger.error("The shop's adapter failed: %s", name, exc_info=error)


def act(name: str, action: Callable[[], ValueT]) -> ValueT:
    """Let the shop do something, in the caller's thread and transaction.

    Raises ``ShopSaysNo`` in the shop's words, ``ShopSilent`` when its code failed or
    said nothing of what it did.
    """
    try:
        done = action()
    except ShopRefusal as refusal:
        raise ShopSaysNo(refusal.text) from refusal
    except ChatRefusal:
        raise
    except Exception as error:
        _tell(name, type(error).__name__, error)
        raise ShopSilent from error
    if done is None:
        _tell(name, "nothing", TypeError(f"{name} returned nothing"))
        raise ShopSilent
    return done


def may(user: Any, what: str) -> bool:
    """Return whether staff may see or do something; a shop that fails says no."""
    try:
        return get_adapter().may(user, what)
    except Exception as error:  # noqa: BLE001 - whatever a shop's code may raise
        _tell("may", type(error).__name__, error)
        return False


def write_money(amount: Any, currency: str) -> str:
    """Return a sum as the shop writes it, or plainly where its code fails."""
    try:
        text: Any = get_adapter().write_money(amount, currency)
    except Exception as error:  # noqa: BLE001 - whatever a shop's code may raise
        _tell("write_money", type(error).__name__, error)
    else:
        if text is not None:
            return str(text)
        _tell("write_money", "nothing", TypeError("write_money returned nothing"))
    return ShopAdapter().write_money(amount, currency)


def forget_troubles() -> None:
    """Tell every trouble anew, as a fresh process would."""
    _desk.told.clear()
