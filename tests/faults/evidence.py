"""What a round left behind to judge it by: its history and the final state, indexed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from tests.faults.final import Final
from tests.faults.history import Line

CONVERGED_S = 10.0

Violations = Iterable[tuple[str, str]]


@dataclass
class Evidence:
    """A history and the final state, indexed."""

    history: list[Line]
    final: Final
    patience_s: float = CONVERGED_S
    rows: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for entry in self.final["entries"]:
            self.rows[entry["conv"]].append(entry)

    def of(self, op: str, *types: str) -> list[Line]:
        """Return the lines of an operation, of these types only if any is named."""
        return [
            line
            for line in self.history
            if line["op"] == op and (not types or line["type"] in types)
        ]

    @cached_property
    def sends(self) -> dict[str, Line]:
        """Every intent by its client id."""
        return {line["cmid"]: line for line in self.of("send", "invoke")}

    @cached_property
    def acks(self) -> list[Line]:
        return self.of("send", "ok")

    @cached_property
    def refused(self) -> set[str]:
        """Intents that were refused for good."""
        return {line["cmid"] for line in self.of("send", "fail")}

    @cached_property
    def at_seq(self) -> dict[tuple[str, int], Line]:
        return {(row["conv"], row["seq"]): row for row in self.final["entries"]}

    @cached_property
    def heads_before(self) -> dict[str, int]:
        """How far each log was when the round began."""
        (line,) = self.of("begin") or [{"heads": {}}]
        return dict(line["heads"])


def delays_after_heal(evidence: Evidence) -> list[tuple[str, str, float]]:
    """Return how long each copy lacked what was known elsewhere, after the last fault.

    A copy's time runs from when all three hold: every fault is healed, somebody has
    seen the entry or its acknowledgement, and the copy's own connection is open.
    """
    healed = max((line["t"] for line in evidence.of("fault", "ok")), default=None)
    if healed is None:
        return []
    known: dict[tuple[str, int], float] = {}
    opened: dict[str, float] = {}
    worst: dict[tuple[str, str], float] = {}
    for line in evidence.history:
        if line["op"] == "link" and line["type"] == "open":
            opened[line["tab"]] = line["t"]
        elif line["op"] == "send" and line["type"] == "ok":
            known.setdefault((line["conv"], line["seq"]), line["t"])
        elif line["op"] == "apply":
            for item in line["items"]:
                first = known.setdefault((line["conv"], item[0]), line["t"])
                since = max(healed, first, opened.get(line["tab"], 0.0))
                key = line["tab"], line["conv"]
                worst[key] = max(worst.get(key, 0.0), line["t"] - since)
    return [(tab, conv, seconds) for (tab, conv), seconds in worst.items()]
