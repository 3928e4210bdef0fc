"""Dialogs as files: what is listed and nothing else, and no cell is a formula."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.admin import dialog_export, dialogs
from chatdesk.models import AuditLine, Conversation, Occasion, Rating
from tests.factories import make_conversation, make_operator, make_visitor
from tests.sales import Shop, line, order_of, paid, tell

LIST = "/admin/chatdesk/conversation/"
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Conversation:
    """One dialog that Anna closed as a sale, liked, begun on a page of the shop."""
    conversation = make_conversation(
        visitor=make_visitor(name="=Signe"),
        operator=make_operator(name="Anna"),
        entries=[("visitor", "@SUM(A1)"), ("operator", "Yes <b>, for free.")],
        closed_as="sale",
    )
    Occasion.objects.create(
        conversation=conversation,
        at=timezone.now(),
        kind="product",
        ref="heron",
        title="-Heron",
        searched="+kettle",
        country="FI",
        source="search",
    )
    Rating.objects.create(
        conversation=conversation,
        thumb="up",
        comment="\t=1",
        rated_at=timezone.now(),
    )
    return conversation


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{LIST}?export=csv{query}")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="dialogs-')
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_dialog_is_a_row_with_all_that_is_measured(
    asked: Conversation, manager: Client
) -> None:
    (row,) = rows_of(manager)

    assert row["dialog"] == asked.public_id.hex
    assert (row["operator"], row["first_answered_by"]) == ("Anna", "Anna")
    assert float(row["first_reply_s"]) == 1
    assert (row["outcome"], row["status"], row["country"]) == ("sale", "closed", "FI")
    assert row["product"] == "heron"
    assert int(row["entries"]) == asked.head


def test_no_cell_is_a_formula(asked: Conversation, manager: Client) -> None:
    (row,) = rows_of(manager)

    hostile = ("visitor", "page", "searched", "comment")
    assert [row[name] for name in hostile] == [
        "'=Signe",
        "'-Heron",
        "'+kettle",
        "'\t=1",
    ]


def test_every_word_of_it_is_in_the_other_file(
    asked: Conversation, manager: Client
) -> None:
    response = manager.get(f"{LIST}?export=json")

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].endswith('.json"')
    (dialog,) = json.loads(response.content)["dialogs"]
    said = [
        (each["by"], each["operator"], each["text"])
        for each in dialog["log"]
        if each["kind"] == "message"
    ]
    assert said == [
        ("visitor", "", "@SUM(A1)"),
        ("operator", "Anna", "Yes <b>, for free."),
    ]
    assert [each["seq"] for each in dialog["log"]] == list(range(1, asked.head + 1))
    assert dialog["visitor"] == "=Signe"


def test_what_the_filters_hide_is_not_in_the_file(
    asked: Conversation, manager: Client
) -> None:
    make_conversation(visitor=make_visitor(name="Other"))

    assert len(rows_of(manager)) == 2
    assert [row["visitor"] for row in rows_of(manager, "&outcome=sale")] == ["'=Signe"]
    assert [row["visitor"] for row in rows_of(manager, "&q=other")] == ["Other"]
    page = manager.get(f"{LIST}?outcome=sale&before=9000000000000000.1").content
    assert b'href="?export=csv&amp;outcome=sale"' in page


def test_a_file_has_an_end(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "MOST", 2)
    monkeypatch.setattr(dialog_export, "AT_ONCE", 1)
    for number in range(3):
        make_conversation(
            visitor=make_visitor(name=f"V{number}"),
            at=timezone.now() - number * MINUTE,
        )

    assert [row["visitor"] for row in rows_of(manager)] == ["V0", "V1"]


def test_it_is_written_down_who_took_which(
    asked: Conversation, manager: Client
) -> None:
    hidden = make_conversation()
    rows_of(manager, "&outcome=sale")

    line_ = AuditLine.objects.get(act="exported")
    assert (line_.conversation, line_.user.get_username()) == (asked, "boss")
    assert not AuditLine.objects.filter(conversation=hidden).exists()


def test_only_managers_take_dialogs_away(
    asked: Conversation, manager: Client, clerk: Client, client: Client
) -> None:
    assert clerk.get(f"{LIST}?export=csv").status_code == 403
    assert client.get(f"{LIST}?export=json").status_code == 302
    assert not AuditLine.objects.exists()
    assert b"export=csv" in manager.get(LIST).content


def test_a_made_up_filter_makes_no_file(asked: Conversation, manager: Client) -> None:
    response = manager.get(f"{LIST}?export=csv&thumb=sideways")

    assert (response.status_code, response.url) == (302, f"{LIST}?e=1")
    assert manager.get(f"{LIST}?export=exe")["Content-Type"].startswith("text/html")


def test_more_dialogs_take_no_more_queries(
    asked: Conversation, manager: Client
) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get(f"{LIST}?export=json")
        return len(queries)

    few = taken()
    for _ in range(4):
        make_conversation(operator=make_operator())

    assert taken() == few


def test_the_orders_that_came_of_a_dialog_find_it_and_stand_in_its_row(
    manager: Client,
) -> None:
    shop = Shop()
    shop.talk("guest", ["anna"], ago=MINUTE)
    shop.talk("other", ["anna"], ago=MINUTE)
    tell(paid(order_of(line("a", "60.00"))), visitor=shop.visitor("guest"))

    (row,) = rows_of(manager, "&q=nb-1")

    assert row["orders"] == "NB-1"
