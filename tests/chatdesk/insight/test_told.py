"""What a shop's view tells waits on its request, each request for itself."""

from rest_framework.request import Request

from chatdesk.insight.seen import Seen
from chatdesk.insight.told import MOST, tell, told_of
from tests.factories import NOON


def fact(browser):
    return Seen(browser=browser, at=NOON)


def other(browser):
    return Seen(browser=browser, at=NOON)


def test_a_request_of_which_nothing_was_told_tells_nothing(rf):
    assert list(told_of(rf.get("/"))) == []


def test_facts_are_kept_in_the_order_in_which_they_were_told(rf):
    request = rf.get("/")

    for each in (other, fact, other):
        tell(request, each)

    assert list(told_of(request)) == [other, fact, other]


def test_one_request_knows_nothing_of_another(rf):
    first, second = rf.get("/"), rf.get("/")

    tell(first, fact)

    assert list(told_of(second)) == []


def test_a_page_that_tells_without_end_is_cut_short(rf):
    request = rf.get("/")

    for _ in range(MOST + 5):
        tell(request, fact)

    assert len(told_of(request)) == MOST


def test_what_is_told_of_a_wrapped_request_is_found_on_the_one_inside(rf):
    inside = rf.get("/")

    tell(Request(inside), fact)

    assert list(told_of(inside)) == [fact]
