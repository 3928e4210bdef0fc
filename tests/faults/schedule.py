"""Which fault strikes when: drawn from one seed, before anything runs."""

import random
from dataclasses import dataclass, replace

KILL = "web killed"

# Each kind with its weight and how long it lasts at least and at most, in seconds.
KINDS: dict[str, tuple[float, float, float]] = {
    KILL: (16, 0.3, 2.0),
    "all webs killed": (2, 0.3, 2.0),
    "web terminated": (2, 0.3, 2.0),
    "web frozen": (3, 1.0, 9.0),
    "valkey killed": (2, 0.5, 4.0),
    "valkey flushed": (1, 0.1, 0.2),
    "valkey frozen": (1, 1.0, 6.0),
    "valkey silent": (1, 1.0, 6.0),
    "valkey slow": (1, 1.0, 5.0),
    "valkey resets": (1, 1.0, 5.0),
    "postgres crashed": (2, 0.3, 2.0),
    "postgres frozen": (1, 0.5, 4.0),
    "postgres silent, then cut": (1, 0.5, 4.0),
    "backends terminated": (2, 0.5, 2.0),
    "cut at commit": (2, 1.0, 3.0),
    "row locked": (1, 0.5, 4.0),
    "network cut": (1, 0.1, 0.2),
    "network silent": (1, 1.0, 8.0),
    "answers lost": (2, 1.0, 4.0),
    "network slow": (1, 1.0, 5.0),
    "network in slices": (1, 1.0, 4.0),
    "cut inside frames": (1, 1.0, 3.0),
    "cut after send": (2, 1.0, 3.0),
    "send doubled": (1, 1.0, 4.0),
    "everybody reconnects": (1, 0.1, 0.2),
    "pages reloaded": (2, 0.1, 0.2),
    "another lineage": (1, 0.1, 0.2),
}

# Drawn only where Celery runs, so that a seed means the same without it.
CELERY: dict[str, tuple[float, float, float]] = {
    "worker killed": (8, 0.3, 2.0),
    "worker terminated": (2, 0.3, 2.0),
    "workers killed": (3, 0.3, 2.0),
    "beat killed": (3, 0.5, 4.0),
}

FIRST_AT_S = 2.0
GAP_S = (0.8, 2.8)
TOGETHER = 0.2


@dataclass(frozen=True)
class Fault:
    """One fault: what, from when, how long, and a number to choose its victim by."""

    number: int
    kind: str
    at: float
    lasts: float
    victim: int


def draw(
    *,
    seed: int,
    faults: int,
    seconds: float = 0.0,
    only: tuple[str, ...] = (),
    with_celery: bool = False,
) -> list[Fault]:
    """Return the faults of a round; the first kills the process of the ghost.

    Every fifth, about, strikes while the one before it still lasts. They are spread
    over ``seconds`` when that is longer than they need.
    """
    chances = random.Random(f"faults {seed}")
    known = {**KINDS, **CELERY}
    kinds = only or tuple(known if with_celery else KINDS)
    weights = [known[kind][0] for kind in kinds]
    drawn: list[Fault] = []
    at = FIRST_AT_S
    for number in range(faults):
        (kind,) = chances.choices(kinds, weights)
        victim = chances.randrange(1000)
        if number == 0 and KILL in kinds:
            kind, victim = KILL, 0
        _, least, most = known[kind]
        lasts = round(chances.uniform(least, most), 2)
        drawn.append(Fault(number, kind, round(at, 2), lasts, victim))
        is_joined = chances.random() < TOGETHER
        at += lasts * 0.4 if is_joined else lasts + chances.uniform(*GAP_S)
    span = drawn[-1].at - FIRST_AT_S if drawn else 0.0
    room = seconds - FIRST_AT_S - drawn[-1].lasts if drawn else 0.0
    stretch = max(1.0, room / span) if span else 1.0
    return [
        replace(fault, at=round(FIRST_AT_S + (fault.at - FIRST_AT_S) * stretch, 2))
        for fault in drawn
    ]


def lasts_until(faults: list[Fault]) -> float:
    """Return when the last fault of a round is healed."""
    return max((fault.at + fault.lasts for fault in faults), default=0.0)
