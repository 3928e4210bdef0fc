"""Visits of the past come in as if they had been watched here."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from chatdesk.errors import Invalid
from chatdesk.models import Occasion, ShopEvent, Visit, VisitPage
from chatdesk.services.import_visits import import_visits
from chatdesk.services.past_visits import PastEvent, PastPage, PastVisit
from tests.factories import make_conversation, make_visitor

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOSTILE = "<script>\x00alert(1)\u202e</script>"

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

HOME = PastPage(AT, "https://shop.example/?token=secret#top", title="Home")
KETTLE = PastPage(
    AT + MINUTE, "/p/kettle/", "Kettle", kind="product", ref="kettle", visible_s=40
)


def visit(number=1, *, pages=(HOME, KETTLE), **facts):
    return PastVisit(key=UUID(int=number), pages=pages, **facts)


def test_a_visit_keeps_its_path_and_what_befell_it():
    search = PastEvent(AT, "searched", words="heron", number=3)
    bought = PastEvent(
        AT + 3 * MINUTE, "ordered", ref="NB-1", amount=Decimal("64.00"), currency="EUR"
    )

    assert import_visits([visit(events=(search, bought), source="ad")]) == 1

    row = Visit.objects.get()
    assert (row.begun_at, row.seen_at) == (AT, AT + 3 * MINUTE)
    assert (row.source, row.pages, row.landing_path) == ("ad", 2, "/")
    assert (row.page_kind, row.page_ref) == ("product", "kettle")
    paths = VisitPage.objects.order_by("at").values_list("path", "visible_s")
    assert list(paths) == [("/", 0), ("/p/kettle/", 40)]
    events = ShopEvent.objects.order_by("at").values_list("kind", "words", "amount")
    assert list(events) == [
        ("searched", "heron", None),
        ("ordered", "", Decimal("64.00")),
    ]


def test_a_visit_lasts_as_long_as_its_last_page_was_looked_at():
    import_visits([visit()])

    assert Visit.objects.get().seen_at == AT + MINUTE + timedelta(seconds=40)


def test_the_last_page_and_search_are_the_occasion_of_its_dialog():
    conversation = make_conversation(visitor=make_visitor())
    search = PastEvent(AT, "found_nothing", words="decaf", number=0)

    import_visits(
        [
            visit(
                events=(search,),
                visitor=conversation.visitor.public_id,
                dialog=conversation.public_id,
                country="FI",
            )
        ]
    )

    occasion = Occasion.objects.get()
    assert occasion.conversation_id == conversation.pk
    assert (occasion.ref, occasion.searched, occasion.hits) == ("kettle", "decaf", 0)
    assert occasion.country == "FI"
    assert Visit.objects.get().visitor_id == conversation.visitor_id


def test_people_and_dialogs_that_are_not_here_are_left_out():
    import_visits([visit(visitor=UUID(int=8), dialog=UUID(int=9))])

    assert Visit.objects.get().visitor_id is None
    assert not Occasion.objects.exists()


def test_the_same_key_is_written_once():
    assert import_visits([visit(), visit(2)]) == 2
    assert import_visits([visit(), visit(3)]) == 1

    assert Visit.objects.count() == 3
    assert VisitPage.objects.count() == 6


def test_nobody_continues_a_visit_of_the_past():
    import_visits([visit()])

    assert Visit.objects.get().key == ""


def test_a_strangers_words_are_cleaned():
    page = PastPage(AT, "/" + "x" * 500, title=HOSTILE)
    import_visits([visit(pages=(page,), source_name=HOSTILE)])

    row = Visit.objects.get()
    assert "\x00" not in row.landing_title
    assert "\u202e" not in row.source_name
    assert len(row.landing_path) == 300


@pytest.mark.parametrize(
    "broken",
    [
        visit(pages=()),
        visit(pages=(KETTLE, HOME)),
        visit(events=(PastEvent(AT, "stolen"),)),
    ],
)
def test_what_cannot_be_is_refused_whole(broken):
    with pytest.raises(Invalid):
        import_visits([visit(2), broken])

    assert not Visit.objects.exists()


def test_many_visits_take_as_many_queries_as_two(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        import_visits([visit(number) for number in range(1, 40)])
