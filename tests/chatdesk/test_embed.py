"""What a page carries: addresses, language, nonce, and no visitor."""

import json
from types import SimpleNamespace

import pytest
from django.template import Context
from django.test import override_settings
from django.urls import set_script_prefix
from django.utils.functional import SimpleLazyObject

from chatdesk import embed
from chatdesk.embed import (
    Texts,
    find_nonce,
    find_root,
    strings_language,
    widget_data,
    written,
)

HOSTILE = Texts(shop='"><script>alert(1)</script>', topic="a & b", chips=("'x'", "</"))


def test_the_script_learns_where_everything_is():
    data = widget_data(texts=Texts(shop="Northbrew", chips=("Is it…",)), language="en")

    assert data["root"] == "/chatdesk/"
    assert data["panel"] == "/static/chatdesk/panel.js"
    assert data["css"] == "/static/chatdesk/panel.css"
    assert data["cards"] == "/static/chatdesk/cards.js"
    assert data["letter"] == "/static/chatdesk/letter.js"
    assert data["strings"] == "/static/chatdesk/strings.en.json"
    assert (data["shop"], data["lang"], data["peek"]) == ("Northbrew", "en", "1")
    assert json.loads(data["chips"]) == ["Is it…"]


def test_no_peek_is_told():
    data = widget_data(texts=Texts(shop="", sneak_peek=False), language="en")

    assert data["peek"] == "0"


def test_a_shop_in_a_folder_has_its_root_there():
    set_script_prefix("/shop/")
    try:
        assert find_root() == "/shop/chatdesk/"
    finally:
        set_script_prefix("/")


@override_settings(STATIC_URL="https://cdn.example/s/")
def test_static_files_may_be_elsewhere():
    data = widget_data(texts=Texts(shop=""), language="en")

    assert data["panel"] == "https://cdn.example/s/chatdesk/panel.js"


@pytest.mark.parametrize(
    ("asked", "given"),
    [("ru", "ru"), ("ru-ru", "ru"), ("en-gb", "en"), ("xx", "en"), ("", "en"),
     ("../../etc/passwd", "en")],
)  # fmt: skip
def test_strings_come_in_a_language_that_is_shipped(asked, given, monkeypatch):
    monkeypatch.setattr(embed, "_shipped_languages", lambda: frozenset({"en", "ru"}))

    assert strings_language(asked) == given


def test_no_text_of_the_shop_leaves_its_attribute():
    data = widget_data(texts=HOSTILE, language="en")

    html = written(tuple(data.items()))

    assert "<" not in html
    assert html.count('"') == 2 * len(data)


class LazyNonce(SimpleLazyObject):
    """Like the nonces of django-csp and Django 6: false until somebody prints it."""

    def __bool__(self):
        return False


@pytest.mark.parametrize(
    ("context", "request_"),
    [
        ({"csp_nonce": "n0"}, None),
        ({"csp_nonce": LazyNonce(lambda: "n0")}, SimpleNamespace(csp_nonce="other")),
        ({}, SimpleNamespace(csp_nonce="n0")),
        ({}, SimpleNamespace(csp_nonce=LazyNonce(lambda: "n0"))),
        ({}, SimpleNamespace(_csp_nonce=LazyNonce(lambda: "n0"))),
    ],
)
def test_the_nonce_is_found_where_hosts_keep_it(context, request_):
    assert find_nonce(request_, Context(context)) == "n0"


def test_without_a_policy_there_is_no_nonce():
    assert find_nonce(None, Context()) == ""
    assert find_nonce(SimpleNamespace(), Context()) == ""
