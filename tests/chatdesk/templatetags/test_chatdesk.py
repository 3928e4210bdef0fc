"""The tags in a shop's template."""

import pytest
from django.template import engines
from django.test import Client
from django.utils import translation

from chatdesk.embed import written
from chatdesk.models import Storefront
from chatdesk.templatetags import chatdesk as tags
from tests.chatdesk.api.callers import Page
from tests.factories import bring_online, make_conversation, make_operator

pytestmark = pytest.mark.django_db

WIDGET = "{% load chatdesk %}{% chatdesk_widget %}"
STATUS = "{% load chatdesk %}{% chatdesk_status %}"


@pytest.fixture(autouse=True)
def forget():
    """A process remembers more than one test."""
    for each in (tags.texts, tags.state):
        each.forget()
    yield
    for each in (tags.texts, tags.state):
        each.forget()


def render(source, request=None):
    """Return what a template of the host prints."""
    return engines["django"].from_string(source).render({}, request)


def test_the_widget_is_one_script(rf):
    html = render(WIDGET, rf.get("/"))

    assert html.count("<script") == 1
    assert 'src="/static/chatdesk/launcher.js"' in html
    assert "async" in html
    assert 'data-root="/chatdesk/"' in html
    assert "nonce" not in html


def test_the_widget_names_the_storefront():
    Storefront.objects.create(
        name="Northbrew", topic="coffee", chips=["Where is my order?"], sneak_peek=False
    )

    html = render(WIDGET)

    assert 'data-shop="Northbrew"' in html
    assert 'data-topic="coffee"' in html
    assert "Where is my order?" in html
    assert 'data-peek="0"' in html


def test_the_settings_win_over_the_storefront(settings):
    settings.CHATDESK = {"SITE_NAME": "Set", "SNEAK_PEEK": False}
    Storefront.objects.create(name="Stored")

    html = render(WIDGET)

    assert 'data-shop="Set"' in html
    assert 'data-peek="0"' in html


def test_a_hostile_name_stays_a_name():
    Storefront.objects.create(name='"><img src=x onerror=alert(1)>')

    html = render(WIDGET)

    assert html.count("<") == 2
    assert "&lt;img" in html


def test_the_widget_carries_the_pages_nonce(rf):
    request = rf.get("/")
    request.csp_nonce = "r4nd0m"

    assert ' nonce="r4nd0m"' in render(WIDGET, request)


def test_the_widget_speaks_the_language_of_the_page():
    with translation.override("ru"):
        assert 'data-lang="ru"' in render(WIDGET)


def test_the_storefronts_words_are_looked_up_in_the_shops_catalogue():
    Storefront.objects.create(name="Shop", topic="Home", chips=["Search", "unheard of"])

    with translation.override("ru"):
        html = render(WIDGET)

    assert 'data-topic="Начало"' in html
    assert "unheard of" in html
    assert "Search" not in html


def test_the_widget_is_the_same_for_everybody(rf):
    conversation = make_conversation()
    known = rf.get("/")
    known.COOKIES["chatdesk_visitor"] = Page(conversation.visitor).cookie
    known.user = make_operator().user

    assert render(WIDGET, known) == render(WIDGET, rf.get("/")) == render(WIDGET)


def test_the_widget_costs_no_query_and_is_escaped_once(django_assert_num_queries):
    template = engines["django"].from_string(WIDGET)
    template.render({})
    escaped = written.cache_info().misses

    with django_assert_num_queries(0):
        for _ in range(3):
            template.render({})

    assert written.cache_info().misses == escaped


def test_a_page_with_the_widget_sets_no_cookie():
    answer = Client().get("/admin/login/")
    page = render(WIDGET, answer.wsgi_request)

    assert "chatdesk_visitor" not in answer.cookies
    assert "csrf" not in page


def test_the_status_says_whether_anybody_is_there():
    assert 'data-state="away"' in render(STATUS)
    tags.state.forget()
    bring_online(make_operator())

    html = render(STATUS)

    assert 'data-state="online"' in html
    assert "We are here" in html


def test_the_status_is_asked_for_once_in_five_seconds(django_assert_num_queries):
    render(STATUS)

    with django_assert_num_queries(0):
        render(STATUS)
