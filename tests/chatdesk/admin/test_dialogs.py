"""The list of dialogs is quick at any length, and only for reading."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import chain

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.models import AuditLine, Conversation, Entry, Occasion
from chatdesk.selectors import archive
from tests.factories import make_conversation, make_operator, make_visitor

LIST = "/admin/chatdesk/conversation/"
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def names_on(page: str) -> list[str]:
    """Return the visitors of a list, in order."""
    return [unescape(name) for name in re.findall(r'<b dir="auto">([^<]*)</b>', page)]


def read(client: Client, query: str = "") -> str:
    """Return the list under some filters."""
    response = client.get(LIST + query)
    assert response.status_code == 200
    return response.content.decode()


def make_many(number: int) -> list[str]:
    """Make dialogs of named visitors, the first being the newest."""
    now = timezone.now()
    names = [f"Visitor number {index:02}" for index in range(number)]
    for index, name in enumerate(names):
        make_conversation(visitor=make_visitor(name=name), at=now - index * MINUTE)
    return names


def test_a_row_says_who_asked_what_and_how_fast_he_was_answered(
    manager: Client,
) -> None:
    anna = make_operator(name="Anna")
    make_conversation(
        visitor=make_visitor(name="Signe Lund"),
        operator=anna,
        entries=[("visitor", "Do you gift wrap?"), ("operator", "Yes, for free.")],
        closed_as="sale",
    )

    page = read(manager)

    assert names_on(page) == ["Signe Lund"]
    assert "Yes, for free." in page
    assert "1 s" in page
    assert "cd-pill-sale" in page
    assert "Anna" in page


def test_a_nameless_visitor_has_a_number(manager: Client) -> None:
    conversation = make_conversation()

    assert names_on(read(manager)) == [f"Guest {conversation.visitor_id}"]


def test_a_conversation_without_a_word_is_not_listed(manager: Client) -> None:
    make_conversation(entries=[])

    assert "Nobody has written yet." in read(manager)


def test_nothing_is_counted(manager: Client) -> None:
    make_many(3)

    with CaptureQueriesContext(connection) as queries:
        read(manager, "?q=stock&period=30&reply=answered")

    statements = [query["sql"].upper() for query in queries]
    assert not [sql for sql in statements if "COUNT(" in sql]
    assert not [sql for sql in statements if "OFFSET" in sql]


def test_more_rows_take_no_more_queries(manager: Client) -> None:
    anna = make_operator(name="Anna")

    def queries_for_list() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(manager)
        return len(queries)

    for _ in range(2):
        make_conversation(operator=anna, entries=[("visitor", "Hello")])
    few = queries_for_list()
    make_many(20)

    assert queries_for_list() == few


def walk(client: Client, query: str = "") -> Iterator[list[str]]:
    """Follow the link to older dialogs until there is none."""
    while True:
        page = read(client, query)
        yield names_on(page)
        link = re.search(r'href="(\?[^"]*)">Older', page)
        if link is None:
            return
        query = unescape(link[1])


def test_pages_show_every_dialog_once(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.admin.dialogs.ConversationAdmin.list_per_page", 3)
    names = make_many(8)
    # Two that began in the same instant must not hide each other at a page's end.
    at = Conversation.objects.order_by("-first_message_at")[2].first_message_at
    same = make_conversation(visitor=make_visitor(name="Same moment"), at=at)
    Conversation.objects.filter(pk=same.pk).update(first_message_at=at)

    pages = list(walk(manager))

    assert [len(page) for page in pages] == [3, 3, 3]
    assert sorted(chain.from_iterable(pages)) == sorted([*names, "Same moment"])


def test_pages_keep_the_filters(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.admin.dialogs.ConversationAdmin.list_per_page", 1)
    make_many(3)
    Conversation.objects.exclude(visitor__name__endswith="1").update(thumb="up")

    pages = list(walk(manager, "?thumb=up"))

    assert list(chain.from_iterable(pages)) == [
        "Visitor number 00",
        "Visitor number 02",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "?before=nonsense",
        "?before=1.2.3",
        f"?before={'9' * 30}.1",
        "?period=8",
        "?period=2026-13-45",
        "?operator=999999999999999999999",
        "?thumb=sideways",
        "?country=xx",
        "?country=FIN",
        "?product=%00",
        "?reply=%00",
        "?entries__text=x",
        "?visitor__user__password__startswith=a",
    ],
)
def test_a_made_up_query_is_refused(manager: Client, query: str) -> None:
    make_conversation()

    response = manager.get(LIST + query)

    assert response.status_code in {302, 400}
    if response.status_code == 302:
        assert response.url == LIST + "?e=1"


def test_a_key_out_of_range_finds_nothing_or_all(manager: Client) -> None:
    make_conversation()

    assert manager.get(LIST + f"?before=1.{'9' * 30}").status_code == 200


@pytest.mark.parametrize("words", ["grinder", "LUND", "signe grinder", "НАЛИЧИИ", "ё"])
def test_search_finds_words_and_names_in_any_case(manager: Client, words: str) -> None:
    make_conversation(
        visitor=make_visitor(name="Signe Lund"),
        entries=[("visitor", "Is the Grinder here?"), ("visitor", "в наличии? Ёлка")],
    )
    make_conversation(entries=[("visitor", "Where is my parcel")])

    assert names_on(read(manager, f"?q={words}")) == ["Signe Lund"]


@pytest.mark.parametrize("words", ["kettle nowhere", "%", "_", "\\", "'"])
def test_search_takes_signs_for_what_they_are(manager: Client, words: str) -> None:
    make_conversation(entries=[("visitor", "A kettle please")])

    response = manager.get(LIST, {"q": words})

    assert "No dialog matches." in response.content.decode()


def test_search_looks_only_at_the_newest(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "CANDIDATES", 3)
    names = make_many(5)

    assert names_on(read(manager, "?q=stock")) == names[:3]


def test_nobody_can_add_change_or_delete(manager: Client) -> None:
    conversation = make_conversation()
    change = f"{LIST}{conversation.pk}/change/"

    assert manager.get(LIST + "add/").status_code == 403
    assert manager.post(LIST + "add/", {}).status_code == 403
    assert manager.post(f"{LIST}{conversation.pk}/delete/").status_code == 403
    manager.post(change, {"preview": "rewritten", "status": "closed"})
    manager.post(LIST, {"action": "delete_selected", "_selected_action": "1"})
    conversation.refresh_from_db()
    assert conversation.status == "waiting"
    assert conversation.preview == "Is it in stock?"


def test_staff_without_the_permission_see_nothing(clerk: Client) -> None:
    conversation = make_conversation()

    assert clerk.get(LIST).status_code == 403
    assert clerk.get(f"{LIST}{conversation.pk}/change/").status_code == 403
    assert not AuditLine.objects.exists()


def test_an_operator_is_no_manager(client: Client) -> None:
    conversation = make_conversation()
    client.force_login(make_operator().user)

    for path in (LIST, f"{LIST}{conversation.pk}/change/"):
        assert client.get(path).url.startswith("/admin/login/")


def test_reading_a_dialog_leaves_a_line_in_the_audit(manager: Client) -> None:
    conversation = make_conversation()
    read(manager)
    assert not AuditLine.objects.exists()

    manager.get(f"{LIST}{conversation.pk}/change/")

    line = AuditLine.objects.get()
    assert line.conversation == conversation
    assert line.user is not None
    assert line.user.get_username() == "boss"


@pytest.mark.parametrize("key", ["0", "abc", "9" * 30])
def test_a_dialog_that_is_none_is_not_found(manager: Client, key: str) -> None:
    assert manager.get(f"{LIST}{key}/change/").status_code == 404


def test_a_long_dialog_is_read_in_parts(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.admin.dialogs.ENTRIES", 3)
    words = [("visitor", f"Word number {index}") for index in range(5)]
    conversation = make_conversation(entries=words)
    path = f"{LIST}{conversation.pk}/change/"

    newest = manager.get(path).content.decode()
    earlier = manager.get(path + "?before=3").content.decode()

    assert re.findall(r"Word number \d", newest) == [
        "Word number 2",
        "Word number 3",
        "Word number 4",
    ]
    assert '"?before=3"' in newest
    assert re.findall(r"Word number \d", earlier)[:2] == [
        "Word number 0",
        "Word number 1",
    ]


def test_the_way_back_keeps_the_filters(manager: Client) -> None:
    make_conversation(at=timezone.now() - MINUTE)
    page = read(manager, "?period=30&status=waiting")
    link = re.search(r'href="([^"]*/change/[^"]*)"', page)
    assert link is not None

    dialog = manager.get(unescape(link[1])).content.decode()

    assert f'href="{LIST}?period=30&amp;status=waiting"' in dialog


def leave_alone() -> Conversation:
    """Make a dialog that nobody answered."""
    conversation = make_conversation(visitor=make_visitor(name="Signe Lund"))
    at = timezone.now()
    Conversation.objects.filter(pk=conversation.pk).update(left_at=at)
    return conversation


@pytest.mark.parametrize(
    ("choice", "before", "after"),
    [
        ("open", ["Signe Lund"], []),
        ("done", [], ["Signe Lund"]),
        ("all", ["Signe Lund"], ["Signe Lund"]),
    ],
)
def test_who_was_left_is_listed_until_somebody_saw_to_it(
    manager: Client, choice: str, before: list[str], after: list[str]
) -> None:
    page = f"{LIST}{leave_alone().pk}/change/"
    assert names_on(read(manager, f"?left={choice}")) == before
    assert 'name="followed"' in manager.get(page).content.decode()

    answer = manager.post(page, {"followed": "1"}, follow=True)

    assert "Off the list of those left without an answer." in answer.content.decode()
    assert "Followed up by boss" in answer.content.decode()
    assert "boss saw to it by another way" in answer.content.decode()
    assert 'name="followed"' not in answer.content.decode()
    assert names_on(read(manager, f"?left={choice}")) == after
    assert AuditLine.objects.filter(act="followed up").count() == 1


def test_saying_so_twice_is_no_error(manager: Client) -> None:
    page = f"{LIST}{leave_alone().pk}/change/"
    manager.post(page)
    answer = manager.post(page, follow=True)
    assert "Somebody has seen to it already." in answer.content.decode()
    assert AuditLine.objects.filter(act="followed up").count() == 1


def test_who_may_only_read_follows_nothing_up(manager: Client) -> None:
    conversation = leave_alone()
    user = get_user_model().objects.create_user(username="reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    reader = Client()
    reader.force_login(user)
    page = f"{LIST}{conversation.pk}/change/"
    assert 'name="followed"' not in reader.get(page).content.decode()
    assert reader.post(page).status_code == 403
    assert Conversation.objects.to_follow().exists()


def test_dialogs_are_cut_by_country_and_by_product(manager: Client) -> None:
    for name, country, ref in (("Aino", "FI", "heron"), ("Bo", "SE", "fjord")):
        Occasion.objects.create(
            conversation=make_conversation(visitor=make_visitor(name=name)),
            at=timezone.now(),
            country=country,
            kind="product",
            ref=ref,
        )
    sent = make_conversation(visitor=make_visitor(name="Card"))
    Entry.objects.filter(conversation=sent).update(
        kind="product", data={"product": "fjord"}
    )

    assert names_on(read(manager, "?country=FI")) == ["Aino"]
    assert names_on(read(manager, "?country=NO")) == []
    assert names_on(read(manager, "?product=heron")) == ["Aino"]
    assert sorted(names_on(read(manager, "?product=fjord"))) == ["Bo", "Card"]
    page = read(manager)
    assert "?country=FI" in page
    assert "product=" not in page
