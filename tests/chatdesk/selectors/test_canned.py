"""Canned replies: shared and one's own, in the language of the dialog."""

import pytest

from chatdesk.models import CannedReply
from chatdesk.selectors.canned import list_canned
from tests.factories import make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def make(shortcut, *, operator=None, language=""):
    return CannedReply.objects.create(
        operator=operator,
        shortcut=shortcut,
        title=shortcut.title(),
        text=f"Text of {shortcut}",
        language=language,
    )


def test_an_operator_has_shared_replies_and_his_own_by_shortcut():
    operator, colleague = make_operator(), make_operator()
    make("sorry")
    make("hello", operator=operator)
    make("bye", operator=colleague)

    replies = list_canned(operator_id=operator.pk, language="")

    assert [(each.shortcut, each.shared) for each in replies] == [
        ("hello", False),
        ("sorry", True),
    ]
    assert (replies[0].title, replies[0].text) == ("Hello", "Text of hello")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("", ["any", "en", "ru"]), ("ru", ["any", "ru"]), ("de", ["any"])],
)
def test_replies_are_those_of_the_language_or_of_every(language, expected):
    make("any")
    make("en", language="en")
    make("ru", language="ru")

    replies = list_canned(operator_id=make_operator().pk, language=language)

    assert [each.shortcut for each in replies] == expected
