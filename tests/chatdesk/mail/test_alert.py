"""The alert: who waits since when, with which words, and where to answer."""

import pytest

from chatdesk.mail.alert import compose_alert
from chatdesk.models import Conversation

pytestmark = pytest.mark.django_db

HOSTILE = "<b>Boris</b>\r\nBcc: all@mail.example"


@pytest.fixture
def waiting(conversation):
    assert conversation.waiting_since is not None
    return conversation


def parts(effect, conversation, to=("boss@shop.example",)):
    mail = compose_alert(effect=effect, conversation=conversation, to=to)
    return mail, (mail.body, mail.alternatives[0].content)


def test_both_parts_say_who_waits_since_when_for_whom(effect, waiting):
    _, both = parts(effect, waiting)
    for part in both:
        assert "Boris has been waiting for an answer since 14:00:03" in part
        assert "The dialog is with Anna Sokolova." in part
        assert "Perfect." in part


def test_a_dialog_that_nobody_took_is_called_so(effect, waiting):
    waiting.operator = None
    _, both = parts(effect, waiting)
    for part in both:
        assert "Nobody has taken the dialog." in part


def test_the_subject_says_since_when_and_nothing_a_visitor_wrote(effect, waiting):
    waiting.visitor.name = HOSTILE
    mail, _ = parts(effect, waiting)
    assert mail.subject == "A visitor has been waiting since 14:00:03"


def test_what_the_visitor_wrote_is_text(effect, waiting):
    waiting.visitor.name = HOSTILE
    waiting.preview = "<script>steal()</script>"
    mail, (_, page) = parts(effect, waiting)
    assert "<script>" not in page
    assert "<b>Boris" not in page
    assert "&lt;script&gt;steal()&lt;/script&gt;" in page
    assert mail.message()["Bcc"] is None


def test_the_link_opens_the_dialog_in_the_workspace(effect, waiting, settings):
    settings.CHATDESK = {"SITE_URL": "https://shop.example"}
    _, both = parts(effect, waiting)
    link = f"https://shop.example/chatdesk/console/#{waiting.public_id.hex}"
    for part in both:
        assert link in part


def has_link(effect, waiting):
    _, both = parts(effect, waiting)
    return any("/console/" in part or "Open the dialog" in part for part in both)


def test_there_is_no_link_without_an_address_of_the_site(effect, waiting, settings):
    settings.CHATDESK = {"SITE_URL": ""}
    assert not has_link(effect, waiting)


def test_there_is_no_link_from_a_worker_with_other_routes(effect, waiting, settings):
    settings.CHATDESK = {"SITE_URL": "https://shop.example"}
    settings.ROOT_URLCONF = "chatdesk.api.urls"
    assert not has_link(effect, waiting)


def test_the_alert_speaks_the_language_of_the_site(effect, waiting, settings):
    settings.LANGUAGE_CODE = "ru"
    waiting.language = "en"
    _, (_, page) = parts(effect, waiting)
    assert 'lang="ru"' in page


def test_every_addressee_is_named(effect, waiting):
    mail, _ = parts(effect, waiting, to=["a@shop.example", "b@shop.example"])
    assert mail.to == ["a@shop.example", "b@shop.example"]
    assert Conversation.objects.count() == 1
