"""Dialogs handed over, refused and taken over through the API, and who may not."""

from uuid import uuid4

import pytest

from chatdesk.models import Conversation, Entry, Operator
from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import (
    bring_online,
    make_conversation,
    make_led_conversation,
    make_operator,
    make_visitor,
)

pytestmark = pytest.mark.django_db

ACTIONS = {
    "offer": {"to": "1"},
    "offer/accept": {},
    "offer/decline": {},
    "take-over": {"reason": "A complaint"},
}


@pytest.fixture
def anna():
    return make_operator(name="Anna")


@pytest.fixture
def boris():
    operator = make_operator(name="Boris")
    bring_online(operator)
    return operator


@pytest.fixture
def boss():
    return make_operator(name="Vera", is_manager=True)


@pytest.fixture
def dialog(anna):
    return make_led_conversation(anna)


def offer(dialog, by, to, note="Knows kettles"):
    return Desk(by).post(of(dialog, "offer"), {"to": str(to.pk), "note": note})


def owner(dialog):
    return Conversation.objects.get(pk=dialog.pk).operator


# The way of an offer


def test_an_offer_shows_in_the_row_and_leaves_the_owner(dialog, anna, boris):
    answer = offer(dialog, anna, boris)
    assert answer.status_code == 200
    row = answer.json()
    assert (row["owner"], row["offered_to"]) == (str(anna.pk), str(boris.pk))
    assert row["offer_note"] == "Knows kettles"


def test_an_offer_needs_no_note(dialog, anna, boris):
    answer = Desk(anna).post(of(dialog, "offer"), {"to": str(boris.pk)})
    assert answer.status_code == 200
    assert "offer_note" not in answer.json()


def test_whoever_accepts_leads_it_and_nothing_is_offered_any_more(dialog, anna, boris):
    offer(dialog, anna, boris)
    row = Desk(boris).post(of(dialog, "offer/accept")).json()
    assert (row["owner"], row["owner_name"]) == (str(boris.pk), "Boris")
    assert "offered_to" not in row
    assert Desk(anna).say(dialog, "Still me").status_code == 403
    assert Desk(boris).say(dialog, "Now me").status_code == 201


def test_whoever_refuses_leaves_it_where_it_was(dialog, anna, boris):
    offer(dialog, anna, boris)
    row = Desk(boris).post(of(dialog, "offer/decline")).json()
    assert row["owner"] == str(anna.pk)
    assert "offered_to" not in row
    assert Desk(anna).say(dialog, "Still me").status_code == 201


def test_the_owner_takes_his_offer_back(dialog, anna, boris):
    offer(dialog, anna, boris)
    assert Desk(anna).post(of(dialog, "offer/decline")).status_code == 200
    late = Desk(boris).post(of(dialog, "offer/accept"))
    assert (late.status_code, late.json()["code"]) == (409, "taken")
    assert late.json()["by"] == "Anna"


def test_a_second_offer_replaces_the_first(dialog, anna, boris):
    gleb = make_operator(name="Gleb")
    bring_online(gleb)
    offer(dialog, anna, boris)
    offer(dialog, anna, gleb, note="")
    assert Desk(boris).post(of(dialog, "offer/accept")).status_code == 409
    assert Desk(gleb).post(of(dialog, "offer/accept")).status_code == 200
    assert owner(dialog) == gleb


def test_accepting_twice_is_refused_and_changes_nothing(dialog, anna, boris):
    offer(dialog, anna, boris)
    desk = Desk(boris)
    answers = [desk.post(of(dialog, "offer/accept")).status_code for _ in range(2)]
    assert answers == [200, 409]
    assert owner(dialog) == boris


def test_a_manager_hands_over_what_others_lead(dialog, boss, boris):
    assert offer(dialog, boss, boris).status_code == 200


def test_a_manager_ends_an_offer_of_others(dialog, anna, boris, boss):
    offer(dialog, anna, boris)
    assert Desk(boss).post(of(dialog, "offer/decline")).status_code == 200
    assert Conversation.objects.get(pk=dialog.pk).offered_to is None


def test_the_visitor_reads_nothing_of_an_offer(dialog, anna, boris):
    offer(dialog, anna, boris, note="He is rude")
    Desk(boris).post(of(dialog, "offer/decline"))
    answer = Page(dialog.visitor).get(of(dialog, "events"))
    assert [each["kind"] for each in answer.json()["items"]] == ["message", "taken"]
    assert "rude" not in answer.content.decode()


# Refusals


def test_nobody_offers_what_a_colleague_leads(dialog, boris):
    answer = offer(dialog, make_operator(name="Gleb"), boris)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_nobody_offers_what_nobody_leads(anna, boris):
    answer = offer(make_conversation(), anna, boris)
    assert (answer.status_code, answer.json()["code"]) == (409, "closed")


def test_nobody_offers_what_has_ended(anna, boris):
    ended = make_conversation(operator=anna, closed_as="sale")
    assert offer(ended, anna, boris).status_code == 409


def test_nobody_is_offered_his_own_dialog(dialog, anna):
    bring_online(anna)
    answer = offer(dialog, anna, anna)
    assert (answer.status_code, answer.json()["code"]) == (409, "taken")


@pytest.mark.parametrize("state", ["gone", "away", "full", "dismissed"])
def test_who_cannot_take_it_is_not_asked(dialog, anna, boris, state):
    change = {
        "gone": {},
        "away": {"status": "away"},
        "full": {"capacity": 0},
        "dismissed": {"is_active": False},
    }[state]
    colleague = make_operator(name="Gleb") if state == "gone" else boris
    Operator.objects.filter(pk=colleague.pk).update(**change)
    answer = offer(dialog, anna, colleague)
    assert (answer.status_code, answer.json()["code"]) == (409, "full")
    assert Conversation.objects.get(pk=dialog.pk).offered_to is None


def test_a_colleague_who_does_not_exist_is_not_found(dialog, anna):
    answer = Desk(anna).post(of(dialog, "offer"), {"to": "987654321"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": ""},
        {"to": 1},
        {"to": None},
        {"to": "-1"},
        {"to": "1 "},
        {"to": "١"},
        {"to": "1; DROP TABLE"},
        {"to": "9" * 19},
        {"to": ["1"]},
        {"to": "1", "note": None},
        {"to": "1", "note": "x" * 301},
    ],
)
def test_an_offer_that_makes_no_sense_is_invalid(dialog, anna, body):
    answer = Desk(anna).post(of(dialog, "offer"), body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Entry.objects.filter(kind="offered").exists()


def test_the_longest_number_is_nobody(dialog, anna):
    answer = Desk(anna).post(of(dialog, "offer"), {"to": "9" * 18})
    assert answer.status_code == 404


@pytest.mark.parametrize("note", ["a\0b", "\ud800"])
def test_a_note_that_no_database_holds_is_invalid(dialog, anna, boris, note):
    assert offer(dialog, anna, boris, note=note).status_code == 400
    assert owner(dialog) == anna


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("  Знает чайники  ", "Знает чайники"),
        (" \t ", ""),
    ],
)
def test_a_note_is_kept_as_text(dialog, anna, boris, note, kept):
    answer = offer(dialog, anna, boris, note=note)
    assert answer.json().get("offer_note", "") == kept
    assert Entry.objects.get(kind="offered").data["note"] == kept
    assert "<script>" not in answer.content.decode() or kept.startswith("<script>")


# Taking over


def test_a_manager_takes_over_with_a_reason(dialog, boss, anna):
    answer = Desk(boss).post(of(dialog, "take-over"), {"reason": "A complaint"})
    assert answer.json()["owner"] == str(boss.pk)
    assert Desk(anna).say(dialog, "Mine?").status_code == 403


def test_taking_over_ends_what_was_offered(dialog, anna, boris, boss):
    offer(dialog, anna, boris)
    row = Desk(boss).post(of(dialog, "take-over"), {"reason": "A complaint"}).json()
    assert "offered_to" not in row
    assert Desk(boris).post(of(dialog, "offer/accept")).status_code == 409


def test_an_operator_takes_nothing_over(dialog, boris, anna):
    answer = Desk(boris).post(of(dialog, "take-over"), {"reason": "I want it"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert owner(dialog) == anna


def test_a_full_manager_takes_nothing_over(dialog, boss, anna):
    Operator.objects.filter(pk=boss.pk).update(capacity=0)
    answer = Desk(boss).post(of(dialog, "take-over"), {"reason": "A complaint"})
    assert (answer.status_code, answer.json()["code"]) == (409, "full")
    assert owner(dialog) == anna


@pytest.mark.parametrize(
    "body",
    [{}, {"reason": ""}, {"reason": " \n"}, {"reason": 5}, {"reason": "x" * 301}],
)
def test_nobody_takes_over_without_a_reason(dialog, boss, anna, body):
    answer = Desk(boss).post(of(dialog, "take-over"), body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert owner(dialog) == anna


# Who is nobody here


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("path", ["x", "a" * 32, "A" * 32, "0"])
def test_what_is_no_dialog_is_not_found(boss, name, path):
    answer = Desk(boss).post(f"conversations/{path}/{name}/", ACTIONS[name])
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", ACTIONS)
def test_a_dialog_that_has_not_begun_is_not_found(boss, name):
    silent = make_conversation(entries=())
    assert Desk(boss).post(of(silent, name), ACTIONS[name]).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_who_is_not_signed_in_hands_nothing_over(dialog, anna, name):
    answer = Desk().post(of(dialog, name), ACTIONS[name])
    assert answer.status_code in (401, 403)
    assert owner(dialog) == anna


@pytest.mark.parametrize("name", ACTIONS)
def test_a_customer_of_the_shop_hands_nothing_over(
    dialog, anna, name, django_user_model
):
    user = django_user_model.objects.create_user("vera")
    assert Desk(user=user).post(of(dialog, name), ACTIONS[name]).status_code == 403
    assert owner(dialog) == anna


@pytest.mark.parametrize("name", ACTIONS)
def test_a_visitor_has_no_such_route(dialog, name):
    answer = Page(dialog.visitor).post(of(dialog, name), ACTIONS[name])
    assert answer.status_code == 404
    assert Page(make_visitor()).post(of(dialog, name)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_a_dismissed_operator_hands_nothing_over(dialog, anna, name):
    Operator.objects.filter(pk=anna.pk).update(is_active=False)
    assert Desk(anna).post(of(dialog, name), ACTIONS[name]).status_code in (401, 403)


@pytest.mark.parametrize("name", ACTIONS)
def test_another_site_hands_nothing_over(dialog, boss, name):
    desk = Desk(boss, checks_csrf=True)
    desk.headers = {"Origin": "https://evil.example"}
    assert desk.post(of(dialog, name), ACTIONS[name]).status_code == 403


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_is_handed_over_by_looking(dialog, boss, name):
    assert Desk(boss).get(of(dialog, name)).status_code == 405


# What the inbox shows


def test_the_inbox_of_everybody_shows_the_offer(dialog, anna, boris):
    offer(dialog, anna, boris)
    for each in (anna, boris):
        (row,) = Desk(each).get("inbox/").json()["rows"]
        assert row["offered_to"] == str(boris.pk)


def test_a_note_among_staff_does_not_end_an_offer(dialog, anna, boris):
    offer(dialog, anna, boris)
    Desk(anna).post(
        of(dialog, "messages"),
        {"body": {"text": "ask for the colour"}, "kind": "note"},
        key=uuid4().hex,
    )
    (row,) = Desk(boris).get("inbox/").json()["rows"]
    assert row["offered_to"] == str(boris.pk)


def test_giving_a_dialog_back_ends_what_was_offered(dialog, anna, boris):
    offer(dialog, anna, boris)
    row = Desk(anna).post(of(dialog, "release")).json()
    assert "offered_to" not in row
    assert Desk(boris).post(of(dialog, "offer/accept")).status_code == 409
