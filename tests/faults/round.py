"""One round: people talk while the nemesis strikes; then all must be well again."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.cast import SECRET, Cast, Part
from tests.faults.checker import judge, sum_up
from tests.faults.clients import Person
from tests.faults.core import unsettled
from tests.faults.deeds import Doer, Guest, Racer
from tests.faults.evidence import CONVERGED_S, Evidence
from tests.faults.final import read_final, read_heads, read_marks
from tests.faults.history import History, read_history
from tests.faults.nemesis import Nemesis
from tests.faults.resources import left_behind, measure
from tests.faults.schedule import Fault, lasts_until
from tests.faults.stack import Stack
from tests.faults.tracing import Recorder

DRAINED_WITHIN_S = 120.0
GATHERED_WITHIN_S = 120.0
LOOK_S = 0.25
MARKED_WITHIN_S = 15.0
GIVEN_BACK_WITHIN_S = 30.0
MOST_IN_FLIGHT = 3


@dataclass(frozen=True)
class Plan:
    """What one round is to be."""

    seed: int
    messages: int
    faults: tuple[Fault, ...]
    broken: str = ""
    traces: Path | None = None
    patience_s: float = CONVERGED_S
    drained_within_s: float = DRAINED_WITHIN_S
    least_s: float = 3.0


def run_round(stack: Stack, cast: Cast, plan: Plan, *, database: str) -> dict[str, Any]:
    """Run one round on a database of its own; return its figures and violations."""
    path = stack.folder / f"{database}.jsonl"
    stack.start_webs(database, broken=plan.broken)
    try:
        with History(path) as history:
            asyncio.run(_Round(stack, cast, plan, database, history).run())
    finally:
        stack.end_webs()
    stack.wait_for_postgres()
    final = read_final(
        stack.url(database),
        folder=stack.mails(database),
        logs=[each.log for each in (*stack.webs, *stack.workers)],
        secret=SECRET,
    )
    (stack.folder / f"{database}.final.json").write_text(json.dumps(final))
    evidence = Evidence(list(read_history(path)), final, plan.patience_s)
    return sum_up(evidence, judge(evidence))


class _Round:
    def __init__(
        self, stack: Stack, cast: Cast, plan: Plan, database: str, history: History
    ) -> None:
        self._stack = stack
        self._cast = cast
        self._plan = plan
        self._history = history
        self._database = database
        self._url = stack.url(database)
        self._chances = random.Random(f"round {plan.seed}")
        ports = [proxy.port for proxy in stack.to_webs]
        self._people = [
            self._person(part, ports, window=1 + number % MOST_IN_FLIGHT)
            for number, part in enumerate(cast.parts)
        ]
        self._ghost = self._person(cast.ghost, ports[:1], comes_back=False)
        self._doers = self._make_doers(ports)
        self._nemesis = Nemesis(stack, self._people, database=database, history=history)
        self._recorders: list[Recorder] = []

    async def run(self) -> None:
        """Talk and suffer, then drain, then write down how everybody ended."""
        self._history.note(op="begin", heads=self._cast.heads, seed=self._plan.seed)
        if self._plan.traces is not None:
            chosen = [self._people[0], self._people[1], self._people[-1]]
            self._recorders = [Recorder(person, self._cast.heads) for person in chosen]
        lives = [
            asyncio.ensure_future(each.live()) for each in (*self._people, self._ghost)
        ]
        deeds = [asyncio.ensure_future(each.live()) for each in self._doers]
        ghost = asyncio.ensure_future(self._watch_ghost())
        try:
            await self._gather()
            held = await self._measure("before")
            async with asyncio.TaskGroup() as group:
                group.create_task(self._nemesis.run(self._plan.faults))
                group.create_task(self._talk())
            for doer in self._doers:
                doer.stop()
            if deeds:
                await self._finish(deeds)
            await self._drain()
            await self._see_given_back(held)
        finally:
            for person in (*self._people, self._ghost):
                self._note_end(person)
                person.stop()
            for deed in deeds:
                deed.cancel()
            ghost.cancel()
            await asyncio.gather(ghost, *lives, *deeds, return_exceptions=True)
        if self._plan.traces is not None:
            for recorder in self._recorders:
                recorder.write(self._plan.traces, seed=self._plan.seed)

    async def _finish(self, deeds: list[asyncio.Future[None]]) -> None:
        """Let the deeds under way be answered; the checker judges what never was."""
        done, _ = await asyncio.wait(deeds, timeout=self._plan.drained_within_s)
        for deed in done:
            deed.result()

    def _person(self, part: Part, ports: list[int], **more: Any) -> Person:
        return Person(
            part,
            ports=ports,
            chances=self._chance(part.tab),
            note=self._history.note,
            **more,
        )

    def _make_doers(self, ports: list[int]) -> list[Doer]:
        cast, note = self._cast, self._history.note
        staff = [part for part in cast.parts if part.side == "operator"]
        colleagues = [part.author[1:] for part in staff]
        racers = [
            Racer(
                part,
                ports,
                self._chance(f"{part.tab} races"),
                note,
                contested=cast.contested,
                colleagues=colleagues,
            )
            for part in staff
            if cast.contested
        ]
        guests = [
            Guest(part, ports, self._chance(part.tab), note) for part in cast.guests
        ]
        return [*racers, *guests]

    def _chance(self, name: str) -> random.Random:
        return random.Random(f"{self._plan.seed} {name}")

    async def _gather(self) -> None:
        """Wait until everybody has come, however slow the machine is."""
        everybody = [*self._people, self._ghost]
        async with asyncio.timeout(GATHERED_WITHIN_S):
            while not all(each.core.is_open for each in everybody):  # noqa: ASYNC110 - states
                await asyncio.sleep(LOOK_S)

    async def _talk(self) -> None:
        """Let people press Send, spread over the time in which faults strike."""
        plan = self._plan
        lasts = max(lasts_until(list(plan.faults)) - 1.0, plan.least_s)
        began = self._history.now
        moments = sorted(
            self._chances.uniform(0.5, lasts) for _ in range(plan.messages)
        )
        for number, moment in enumerate(moments):
            wait = began + moment - self._history.now
            if wait > 0:
                await asyncio.sleep(wait)
            person = self._chances.choice(self._people)
            conv = self._chances.choice(person.part.convs)
            is_note = person.part.side == "operator" and self._chances.random() < 0.1
            kind = "note" if is_note else "message"
            person.say(f"{SECRET} {number}", conv=conv, kind=kind)

    async def _drain(self) -> None:
        """Wait until every copy is the log and every outbox is empty, or too long."""
        heads: dict[str, int] = {}
        ends = self._history.now + self._plan.drained_within_s
        while self._history.now < ends:
            await asyncio.sleep(LOOK_S)
            cores = [person.core for person in self._people]
            if unsettled(cores) or not all(core.is_open for core in cores):
                continue
            try:
                heads = await asyncio.to_thread(read_heads, self._url)
            except psycopg.Error:
                continue
            if all(
                copy.cursor == heads[conv]
                for core in cores
                for conv, copy in core.copies.items()
            ):
                await self._drain_marks()
                break
        self._history.note(op="drained", heads=heads)

    async def _measure(self, when: str) -> dict[str, Any]:
        # On a slow machine it may not have recovered when all patience is over.
        await asyncio.to_thread(self._stack.wait_for_postgres)
        held = await asyncio.to_thread(measure, self._stack, database=self._database)
        self._history.note(op="held", type=when, held=held)
        return held

    async def _see_given_back(self, before: dict[str, Any]) -> None:
        """Wait until the servers hold no more than in the beginning, or too long."""
        ends = self._history.now + GIVEN_BACK_WITHIN_S
        while any(left_behind(before, await self._measure("after"))):
            if self._history.now > ends:
                return
            await asyncio.sleep(1.0)

    async def _drain_marks(self) -> None:
        """Wait until everybody is shown what the other side has read, or too long."""
        ends = self._history.now + MARKED_WITHIN_S
        while self._history.now < ends:
            marks = await asyncio.to_thread(read_marks, self._url)
            if all(
                set(marks.get(conv, {}).values()) == {copy.cursor}
                and copy.marks == marks[conv]
                for person in self._people
                for conv, copy in person.core.copies.items()
            ):
                return
            await asyncio.sleep(LOOK_S)

    def _note_end(self, person: Person) -> None:
        core = person.core
        self._history.note(
            op="final",
            tab=core.tab,
            is_open=core.is_open,
            copies={
                conv: [copy.cursor, copy.rendered()]
                for conv, copy in core.copies.items()
            },
            marks={conv: copy.marks for conv, copy in core.copies.items()},
            unsettled=[cmid for _, cmid in unsettled([core])],
        )

    async def _watch_ghost(self) -> None:
        """Note when the ghost's connection has ended, and for how long, at the end."""
        operator = int(self._cast.ghost.author[1:])
        while not self._ghost.core.is_open:  # noqa: ASYNC110 - state, not an event
            await asyncio.sleep(LOOK_S)
        while self._ghost.core.is_open:  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK_S)
        left = self._history.now
        try:
            await asyncio.Event().wait()
        finally:
            gone_for = self._history.now - left
            self._history.note(
                op="presence", operator=operator, is_here=False, for_s=gone_for
            )


def names_of(faults: Sequence[Fault]) -> list[str]:
    """Return the kinds of faults in their order."""
    return [fault.kind for fault in faults]
