"""One seed, one schedule: what struck once can be struck with again."""

from collections import Counter

from tests.faults.schedule import KILL, KINDS, draw, lasts_until


def test_a_seed_draws_the_same_faults_again() -> None:
    assert draw(seed=7, faults=50) == draw(seed=7, faults=50)
    assert draw(seed=7, faults=50) != draw(seed=8, faults=50)


def test_the_first_fault_kills_the_process_of_the_ghost() -> None:
    for seed in range(20):
        first = draw(seed=seed, faults=3)[0]
        assert (first.kind, first.victim) == (KILL, 0)


def test_every_kind_is_drawn_and_kills_are_the_most_frequent() -> None:
    kinds = Counter(
        fault.kind for seed in range(20) for fault in draw(seed=seed, faults=50)
    )
    assert set(kinds) == set(KINDS)
    assert kinds.most_common(1)[0][0] == KILL


def test_faults_are_spread_over_the_time_that_there_is() -> None:
    assert lasts_until(draw(seed=1, faults=10, seconds=300)) > 250
    assert lasts_until(draw(seed=1, faults=10)) < 60
