"""The list of those who were left without an answer, and what takes one off it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatdesk.models import Conversation
from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import make_conversation, make_operator

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
KEYS = ["x", "1", "1.", ".1", "1.2.3", "9" * 39 + ".1", "-1.-1x", "\0.1", "1e9.1"]


@pytest.fixture
def anna():
    return make_operator(name="Anna")


def leave(number, *, at=None):
    """Return so many dialogs left one after another, the latest first."""
    at = at or timezone.now()
    made = []
    for place in range(number):
        row = make_conversation(at=at - timedelta(hours=1))
        moment = at - place * MINUTE
        Conversation.objects.filter(pk=row.pk).update(left_at=moment)
        made.append(row.public_id.hex)
    return made


def left_page(desk, query=""):
    response = desk.get(f"left/{query}")
    assert response.status_code == 200
    return response.json()


def names(page):
    return [row["conv"] for row in page["rows"]]


def test_the_latest_come_first_and_say_since_when(anna):
    make_conversation()
    wanted = leave(3)
    page = left_page(Desk(anna))
    assert names(page) == wanted
    assert page["total"] == 3
    assert page.get("next") is None
    assert all(row["left_at"] for row in page["rows"])


def test_pages_follow_one_another_without_a_gap(anna, monkeypatch):
    monkeypatch.setattr("chatdesk.api.operator.PAGE", 2)
    same = timezone.now()
    wanted = leave(3, at=same) + leave(2, at=same - MINUTE)
    seen, query = [], ""
    for _ in range(5):
        page = left_page(Desk(anna), query)
        seen += names(page)
        if not page.get("next"):
            break
        query = f"?before={page['next']}"
    assert sorted(seen) == sorted(wanted)
    assert len(seen) == len(set(seen))


def test_a_page_takes_the_same_queries_however_long_the_list(
    anna, django_assert_num_queries
):
    desk = Desk(anna)
    leave(2)
    left_page(desk)
    leave(8)
    with django_assert_num_queries(5):  # Session, user, operator, page, how many.
        left_page(desk)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_none_is_invalid(anna, key):
    assert Desk(anna).get(f"left/?before={key}").status_code == 400


def test_done_takes_it_off_and_tells_the_row(anna):
    desk = Desk(anna)
    first, second = leave(2)
    row = Conversation.objects.get(public_id=first)
    answer = desk.post(of(row, "followed"))
    assert answer.status_code == 200
    assert answer.json().get("left_at") is None
    assert names(left_page(desk)) == [second]
    again = desk.post(of(row, "followed"))
    assert (again.status_code, again.json()["head"]) == (200, answer.json()["head"])


@pytest.mark.parametrize("path", ["left/", None])
def test_others_have_no_such_list(path):
    (name,) = leave(1)
    row = Conversation.objects.get(public_id=name)
    for caller in (Desk(), Page(row.visitor)):
        asked = caller.get(path) if path else caller.post(of(row, "followed"))
        assert asked.status_code in {401, 403, 404}
    assert Conversation.objects.to_follow().count() == 1


def test_a_dialog_that_is_none_is_not_found(anna):
    assert Desk(anna).post("conversations/nothing/followed/").status_code == 404
