"""Who reaches what: every route of the API with everybody who might try.

A route that is in no table here fails the first test.
"""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import get_resolver

from chatdesk.models import Entry
from tests.chatdesk.api.callers import ROOT, Desk, Page, of
from tests.factories import make_conversation, make_operator, make_visitor

pytestmark = pytest.mark.django_db

MESSAGE = {"body": {"text": "mine now"}}

# What a visitor may do in a conversation: (route, body); None is a GET.
OWN = {
    "messages": MESSAGE,
    "events": None,
    "marks": {"read": 1},
    "close": {},
    "rating": {"thumb": "up"},
    "transcript": {"email": "visitor@example.com"},
    "typing": {"text": "…"},
    "letter": {"text": "mine now"},
    "contact": {"contact": "@mine"},
}
# What belongs to the shop needs one: only who may not is asked here.
OWN_SHOP = {
    "products": None,
    "cart": {"seq": 1},
    "wishes": {"seq": 1},
    f"offers/{'a' * 32}": None,
    f"offers/{'a' * 32}/confirm": {"amount": "1.00"},
}
ONE_LINE = {"lines": [{"product": "KETTLE"}]}
DESK_SHOP = {
    "shop": None,
    "catalogue": None,
    "products": {"product": "KETTLE"},
    "cart": {"product": "KETTLE", "was": 0, "quantity": 1},
    "quote": ONE_LINE,
    "offers": ONE_LINE,
    f"offers/{'a' * 32}": None,
    f"offers/{'a' * 32}/withdraw": {},
}
DESK = {
    "": None,
    "entries": None,
    "take": {},
    "release": {},
    "offer": {"to": "1"},
    "offer/accept": {},
    "offer/decline": {},
    "take-over": {"reason": "mine now"},
    "messages": MESSAGE,
    "marks": {"read": 1},
    "close": {"outcome": "sale"},
    "letter": {},
    "visitor": {"name": "Vera"},
    "followed": {},
    "hold": {},
    "visit": None,
}
BOTH = DESK | DESK_SHOP
DESK_ALONE = {
    "session/": None,
    "inbox/": None,
    "letters/": None,
    "left/": None,
    "poll/": {"tab": "a" * 32},
    "presence/": {"status": "online"},
    "push/": {"endpoint": "https://fcm.googleapis.com/a", "p256dh": "a", "auth": "b"},
    "push/try/": {},
    "push/end/": {"endpoint": "https://fcm.googleapis.com/a"},
    "regulation/": None,
    "canned/": None,
    "visits/": None,
}
PUBLIC = {
    "visitor/status/",
    "visitor/hours/",
    "visitor/session/",
    "visitor/conversations/",
}

MALFORMED = [
    "1", "0", "-1", "1e0", "null", "true", "[]", "{}", "None", "%20", "..",
    "a" * 31, "a" * 33, "A" * 32, "g" * 32, "%D9%A1" * 32, "a" * 32 + "%00",
    "a" * 32 + "%20", "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "' OR 1=1--",
]  # fmt: skip

# One route in so many is asked with the same malformed id; the converter is one.
TURNS = 4


def malformed_for(name, names):
    """Return the malformed ids that a route is asked with: all within four routes."""
    return MALFORMED[list(names).index(name) % TURNS :: TURNS]


def ask(caller, path, body):
    """Send what the table says."""
    if body is None:
        return caller.get(path)
    return caller.post(path, body, key=uuid4().hex)


def routes():
    """Return every route below the API's root, as its pattern."""
    found = []

    def walk(patterns, prefix):
        for each in patterns:
            path = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                walk(each.url_patterns, path)
            elif path.startswith(ROOT.removeprefix("/")):
                found.append(path.removeprefix(ROOT.removeprefix("/")))

    walk(get_resolver().url_patterns, "")
    return set(found)


def test_every_route_is_in_a_table():
    one = "conversations/<str:conversation>/"
    known = PUBLIC | {"schema/", "<path:anything>"}
    known |= {"visitor/look/", "operator/visits/<str:visit>/"}  # test_visits asks.
    known |= {f"visitor/{one}{name}/" for name in OWN}
    known |= {f"operator/{one}{name + '/' if name else ''}" for name in DESK}
    known |= {f"operator/{path}" for path in DESK_ALONE}
    for side, table in (("visitor", OWN_SHOP), ("operator", DESK_SHOP)):
        names = (name.replace("a" * 32, "<str:offer>") for name in table)
        known |= {f"{side}/{one}{name}/" for name in names}

    assert routes() == known


@pytest.mark.parametrize(
    "path", ["x", "x/", "conversations", "conversations/x/", "conversations//events/"]
)
def test_what_is_no_address_is_told_in_our_shape(path):
    page = Page(make_visitor())

    for answer in (page.get(path), page.post(path)):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", OWN)
def test_a_visitor_reaches_his_own_conversation(name):
    conversation = make_conversation(
        operator=make_operator(),
        entries=(("visitor", "Is it in stock?"), ("operator", "It is.")),
    )

    answer = ask(Page(conversation.visitor), of(conversation, name), OWN[name])

    assert answer.status_code in (200, 201, 202)


@pytest.mark.parametrize("name", [*OWN, *OWN_SHOP])
def test_a_foreign_conversation_is_like_none_at_all(name):
    foreign = make_conversation()
    page = Page(make_conversation().visitor)
    before = Entry.objects.count()

    wrong = malformed_for(name, OWN | OWN_SHOP)
    ids = (foreign.public_id.hex, uuid4().hex, *wrong)
    answers = [
        ask(page, f"conversations/{text}/{name}/", (OWN | OWN_SHOP)[name])
        for text in ids
    ]

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert len({str(sorted(each.headers.items())) for each in answers}) == 1
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", [*OWN, *OWN_SHOP])
def test_without_a_cookie_no_conversation_is_there_or_not_there(name):
    conversation = make_conversation()

    answers = [
        ask(Page(), path, (OWN | OWN_SHOP)[name])
        for path in (of(conversation, name), f"conversations/{uuid4().hex}/{name}/")
    ]

    assert [each.status_code for each in answers] == [401, 401]
    assert answers[0].content == answers[1].content


def strangers():
    """Return those who may not use the workspace, by what they are."""
    users = get_user_model().objects
    inactive = make_operator(name="Inactive")
    inactive.is_active = False
    inactive.save()
    without_permission = make_operator(name="Without permission")
    without_permission.user.user_permissions.clear()
    without_row = users.create_user("without-row", password="demo")
    without_row.user_permissions.set(
        Permission.objects.filter(codename="answer_conversations")
    )
    return {
        "customer": Desk(user=users.create_user("customer", password="demo")),
        "inactive operator": Desk(inactive),
        "operator without permission": Desk(without_permission),
        "permission without an operator": Desk(user=without_row),
        "admin without an operator": Desk(user=users.create_superuser("root")),
    }


def test_the_workspace_is_for_operators():
    conversation = make_conversation()
    paths = {of(conversation, name): body for name, body in BOTH.items()} | DESK_ALONE
    before = Entry.objects.count()
    anonymous, visitor = Desk(), Page(conversation.visitor)
    visitor.side = "operator/"

    for path, body in paths.items():
        for caller in (anonymous, visitor):
            assert ask(caller, path, body).status_code == 401, path
    for who, desk in strangers().items():
        for path, body in paths.items():
            answer = ask(desk, path, body)
            assert (who, path, answer.status_code) == (who, path, 403)
            assert answer.json()["code"] == "forbidden"
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", BOTH)
def test_an_operator_finds_only_what_has_begun(name):
    desk, unbegun = Desk(make_operator()), make_conversation(entries=())

    ids = (unbegun.public_id.hex, uuid4().hex, *malformed_for(name, BOTH))
    tail = name and f"{name}/"
    answers = [ask(desk, f"conversations/{text}/{tail}", BOTH[name]) for text in ids]

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1


def test_the_document_of_the_api_is_for_operators():
    page, desk = Page(make_visitor()), Desk(make_operator())
    page.side = desk.side = ""

    assert page.get("schema/").status_code == 401
    assert desk.get("schema/").status_code == 200


def test_a_deactivated_user_is_out_at_once():
    operator = make_operator()
    desk = Desk(operator)
    assert desk.get("session/").status_code == 200

    operator.user.is_active = False
    operator.user.save()

    assert desk.get("session/").status_code == 401


def test_what_the_server_decides_cannot_be_written_by_a_page():
    """Author, number, moment and audience are nobody's to send."""
    conversation, other = make_conversation(), make_visitor()
    extra = {
        "author": "operator", "author_kind": "o", "author_id": other.pk, "seq": 1000,
        "at": 1, "staff_only": True, "visitor": other.pk, "by": "1", "id": 1,
        "conversation": 999, "data": {"outcome": "sale"}, "type": "sent",
    }  # fmt: skip

    answer = Page(conversation.visitor).post(
        of(conversation, "messages"), {**MESSAGE, **extra}, key=uuid4().hex
    )

    entry = conversation.entries.get(seq=answer.json()["seq"])
    assert (entry.author_kind, entry.author_id) == ("v", conversation.visitor_id)
    assert (entry.seq, entry.staff_only, entry.data) == (2, False, None)
