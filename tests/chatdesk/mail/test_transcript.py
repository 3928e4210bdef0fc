"""The copy of a dialog: all that the visitor saw, and not a tag of anybody's making."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import override_settings

from chatdesk.mail.transcript import compose_transcript
from chatdesk.models import Entry
from tests.factories import actor_of_operator, say

pytestmark = pytest.mark.django_db

HOSTILE = "</div><script>steal()</script><img src=x onerror=steal()>{{ 7|add:7 }}"
ALLOWED_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td"),
    *("h1", "p", "b", "br", "a"),
}


class Page(HTMLParser):
    """Collects the tags, links and words of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags = set()
        self.links = []
        self.attributes = set()
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.words += data


def compose(effect, conversation, operator, **changes):
    messages = Entry.objects.filter(conversation=conversation).exclude(
        kind=Entry.Kind.TAKEN
    )
    return compose_transcript(
        **{
            "effect": effect,
            "conversation": conversation,
            "messages": list(messages.order_by("seq")),
            "names": {operator.pk: operator.name},
            **changes,
        }
    )


def parts(mail):
    return mail.body, mail.alternatives[0].content


def test_both_parts_hold_every_message_with_who_and_when(
    effect, conversation, operator
):
    for part in parts(compose(effect, conversation, operator)):
        assert part.index("Hello!") < part.index("Good after") < part.index("Perfect.")
        assert part.count("You") >= 2
        assert "Anna Sokolova" in part
        assert "14:00" in part  # 13:00 UTC as the site's clock shows it
        assert "March 2, 2026" in part
        assert "You asked for this copy" in part


def test_the_page_has_title_preheader_and_dark_colours(effect, conversation, operator):
    _, page = parts(compose(effect, conversation, operator))
    assert "<title>Your conversation with Shop</title>" in page
    assert "display:none;max-height:0;overflow:hidden" in page
    assert "prefers-color-scheme: dark" in page
    assert 'width="600"' in page


def test_lines_of_a_message_stay_lines(effect, conversation, operator):
    text, page = parts(compose(effect, conversation, operator))
    assert "Will it work\non an induction hob?" in text
    assert "Will it work<br>on an induction hob?" in page


def test_what_anybody_wrote_is_text(effect, conversation, operator, settings):
    settings.CHATDESK = {"SITE_NAME": f"Shop {HOSTILE}"}
    say(conversation, actor_of_operator(operator), HOSTILE)
    operator.name = f"Anna {HOSTILE}"
    text, page = parts(compose(effect, conversation, operator))
    parsed = Page(page)
    assert parsed.tags <= ALLOWED_TAGS
    assert parsed.links == []
    assert not any(name.startswith("on") for name in parsed.attributes)
    assert parsed.words.count(HOSTILE) >= 3
    assert HOSTILE in text


def test_links_lead_to_the_configured_site_only(effect, conversation, operator):
    say(conversation, actor_of_operator(operator), "See https://evil.example/x")
    with override_settings(CHATDESK={"SITE_URL": "https://shop.example/"}):
        _, page = parts(compose(effect, conversation, operator))
    assert [each.partition("/chatdesk/rate/")[0] for each in Page(page).links] == [
        "https://shop.example",
        "https://shop.example",
    ]


def test_nothing_is_loaded_from_anywhere(effect, conversation, operator):
    _, page = parts(compose(effect, conversation, operator))
    assert not {"img", "link", "script", "iframe"} & Page(page).tags
    assert "url(" not in page
    assert "@import" not in page


def test_what_staff_alone_may_see_is_left_out_whoever_asks(
    effect, conversation, operator
):
    say(conversation, actor_of_operator(operator), "Careful, rude.", is_note=True)
    for part in parts(compose(effect, conversation, operator)):
        assert "rude" not in part


def test_a_new_day_is_named(effect, conversation, operator):
    last = Entry.objects.filter(conversation=conversation).order_by("-seq").first()
    Entry.objects.filter(pk=last.pk).update(at=last.at + timedelta(days=1))
    for part in parts(compose(effect, conversation, operator)):
        assert part.count("March 3, 2026") == 2  # in the period and above the message
        assert part.index("Good after") < part.rindex("March 3, 2026")


def test_an_operator_who_is_gone_is_still_somebody(effect, conversation, operator):
    text, _ = parts(compose(effect, conversation, operator, names={}))
    assert "Operator, 14:00" in text


def test_a_dialog_without_an_answer_names_nobody(effect, conversation, operator):
    first = Entry.objects.filter(conversation=conversation).order_by("seq")[:1]
    mail = compose(effect, conversation, operator, messages=list(first))
    for part in parts(mail):
        assert "Your conversation" in part
        assert "with  " not in part


def test_the_mail_speaks_the_language_of_the_dialog(effect, conversation, operator):
    conversation.language = "ru"
    text, page = parts(compose(effect, conversation, operator))
    assert 'lang="ru"' in page
    assert "2 марта 2026" in text
