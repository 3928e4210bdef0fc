"""The rate limiter: never more than the rate, for exactly the right one."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.dummy import DummyCache
from django.core.exceptions import ImproperlyConfigured

from chatdesk import limits
from chatdesk.limits import address_key, allow, client_address, parse_rate

START = 1_900_000_000.0


@pytest.fixture(autouse=True)
def clear_counts() -> Iterator[None]:
    cache.clear()
    limits._fallback.counts.clear()
    limits._fallback.until = 0.0
    yield
    cache.clear()
    limits._fallback.until = 0.0


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def uses(number: int, *, rate: str = "3/m", key: str = "a", name: str = "x") -> list:
    """Return the answers to so many uses."""
    return [allow(name=name, key=key, rate=rate) for _ in range(number)]


def test_so_many_uses_pass_and_no_more(clock):
    answers = uses(5)

    assert answers[:3] == [None, None, None]
    assert all(0 < wait <= 60 for wait in answers[3:])


def test_after_the_wait_it_goes_on(clock):
    (*_, wait) = uses(4)

    clock.shift(wait - 0.5)
    assert uses(1) != [None]
    clock.shift(1)
    assert uses(4)[:3] == [None, None, None]


def test_keys_and_names_have_counts_of_their_own(clock):
    uses(3)

    assert uses(1, key="b") == [None]
    assert uses(1, name="y") == [None]
    assert uses(1) != [None]


def test_windows_do_not_end_for_everybody_at_once(clock):
    waits = {uses(1, rate="0/h", key=str(number))[0] for number in range(50)}

    assert len(waits) > 40


def test_a_rate_of_nothing_lets_nothing_pass(clock):
    assert uses(1, rate="0/m") != [None]


@pytest.mark.usefixtures("clock")
def test_many_at_once_never_exceed_the_rate():
    def use(_number: int) -> float | None:
        return allow(name="x", key="a", rate="100/h")

    with ThreadPoolExecutor(max_workers=32) as pool:
        answers = list(pool.map(use, range(2000)))

    assert answers.count(None) == 100


@pytest.mark.parametrize(
    ("rate", "parsed"),
    [("4/s", (4, 1)), ("30/m", (30, 60)), ("20/h", (20, 3600)), ("9/d", (9, 86400))],
)
def test_rates_are_written_as_a_number_and_a_unit(rate, parsed):
    assert parse_rate(rate) == parsed


@pytest.mark.parametrize("rate", ["", "30", "/m", "m/3", "-1/m", "1.5/m", "3/w", "٣/m"])
def test_another_rate_is_refused(rate):
    with pytest.raises(ImproperlyConfigured):
        parse_rate(rate)


class BrokenCache:
    """A cache whose server went away; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def add(self, *_args: object, **_kwargs: object) -> bool:
        self.asked += 1
        raise ConnectionError("no route to host")


@pytest.mark.usefixtures("clock")
def test_without_a_cache_each_process_counts_for_itself(monkeypatch, caplog):
    broken = BrokenCache()
    monkeypatch.setattr(limits, "host_cache", broken)

    answers = uses(5)

    assert answers[:3] == [None, None, None]
    assert None not in answers[3:]
    assert broken.asked == 1
    assert len(caplog.records) == 1


def test_a_cache_that_comes_back_is_asked_again(monkeypatch):
    broken = BrokenCache()
    monkeypatch.setattr(limits, "host_cache", broken)
    uses(1)

    monkeypatch.setattr(limits._fallback, "until", time.monotonic())
    uses(1)

    assert broken.asked == 2


def test_a_cache_that_keeps_nothing_lets_pass(monkeypatch):
    monkeypatch.setattr(limits, "host_cache", DummyCache("", {}))

    assert uses(5) == [None] * 5


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_who_owns_an_address(address, key):
    assert address_key(address) == key


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.7", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        (1, "1.2.3.4,9.9.9.9,  203.0.113.7 ", "203.0.113.7"),
        (2, "1.2.3.4, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "203.0.113.7, unknown", "10.0.0.1"),
        (1, "203.0.113.7, <script>", "10.0.0.1"),
        (1, ", ,", "10.0.0.1"),
    ],
)
def test_a_forwarded_address_counts_as_far_as_proxies_are_trusted(
    proxies, forwarded, found
):
    address = client_address(
        peer="10.0.0.1", forwarded_for=forwarded, trusted_proxies=proxies
    )

    assert address == found


def test_trusted_proxies_are_a_setting(settings):
    settings.CHATDESK = {"TRUSTED_PROXIES": 1}

    found = client_address(peer="10.0.0.1", forwarded_for="1.2.3.4, 203.0.113.7")

    assert found == "203.0.113.7"
