"""Who asks is read from what the browser sends anyway, as digests and no more."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from chatdesk.insight import browser as module
from chatdesk.insight.browser import (
    VISIT_COOKIE,
    has_new_session,
    is_brief,
    key_of_visitor,
    read_browser,
    with_consent,
)
from chatdesk.tokens import sign_visitor_cookie
from tests.visiting import FINLAND, HOSTILE, IPHONE, browser

SESSION = "sessionid"
COOKIE = "chatdesk_visitor"


@pytest.fixture
def ask(rf):
    def make(*, session=None, user=None, cookies=None, **meta):
        names = {"HTTP_USER_AGENT": IPHONE, "REMOTE_ADDR": FINLAND, **meta}
        request = rf.get("/", **names)
        request.COOKIES.update(cookies or {})
        if session is not None:
            request.session = SimpleNamespace(session_key=session)
        if user is not None:
            request._cached_user = user
        return request

    return make


def person(pk=7, **facts):
    return SimpleNamespace(pk=pk, is_authenticated=True, is_staff=False, **facts)


def kinds(request):
    return "".join(key[0] for key in read_browser(request).keys)


def test_who_sends_nothing_goes_by_a_guess_alone(ask):
    (key,) = read_browser(ask()).keys

    assert is_brief(key)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({SESSION: "abc"}, "s"),
        ({VISIT_COOKIE: "name"}, "c"),
        ({VISIT_COOKIE: "name", SESSION: "abc"}, "cs"),
        ({COOKIE: "visitor"}, "v"),
        ({COOKIE: "visitor", VISIT_COOKIE: "name", SESSION: "abc"}, "vcs"),
        ({COOKIE: "forged", SESSION: "abc"}, "s"),
        ({COOKIE: "forged"}, "b"),
        ({SESSION: ""}, "b"),
        ({VISIT_COOKIE: ""}, "b"),
    ],
)
def test_the_surest_of_what_is_sent_comes_first(ask, sent, expected):
    cookies = dict(sent)
    if cookies.get(COOKIE) == "visitor":
        cookies[COOKIE] = sign_visitor_cookie(uuid4())

    assert kinds(ask(cookies=cookies)) == expected


def test_a_session_that_began_with_this_request_stands_before_the_guess(ask):
    assert kinds(ask(session="new")) == "sb"


def test_a_session_that_changed_its_key_goes_by_both_the_new_one_first(ask):
    old = read_browser(ask(cookies={SESSION: "old"})).keys
    new = read_browser(ask(cookies={SESSION: "new"})).keys

    both = read_browser(ask(session="new", cookies={SESSION: "old"})).keys

    assert both == (*new, *old)


def test_a_session_that_stayed_is_one_key(ask):
    assert kinds(ask(session="abc", cookies={SESSION: "abc"})) == "s"


def test_no_key_holds_what_it_was_made_of(ask):
    public_id = uuid4()
    sent = {
        SESSION: "session-secret",
        VISIT_COOKIE: "visit-secret",
        COOKIE: sign_visitor_cookie(public_id),
    }

    keys = " ".join(read_browser(ask(cookies=sent)).keys)

    assert "secret" not in keys
    assert public_id.hex not in keys
    assert {len(key) for key in keys.split()} == {32}


def test_keys_of_two_sites_differ(ask, settings):
    here = read_browser(ask(cookies={SESSION: "abc"})).keys
    settings.SECRET_KEY = "another site's"

    assert read_browser(ask(cookies={SESSION: "abc"})).keys != here


def test_the_same_word_in_two_cookies_is_two_keys(ask):
    session, visit = (
        read_browser(ask(cookies={name: "same"})).keys[0][1:]
        for name in (SESSION, VISIT_COOKIE)
    )

    assert session != visit


@pytest.mark.parametrize(
    "change",
    [
        {"REMOTE_ADDR": "85.76.1.3"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0"},
        {"HTTP_ACCEPT_LANGUAGE": "sv"},
    ],
)
def test_a_guess_is_of_address_browser_and_language(ask, change):
    assert read_browser(ask()).keys == read_browser(ask()).keys
    assert read_browser(ask(**change)).keys != read_browser(ask()).keys


def test_a_guess_is_good_for_its_day_only(ask, monkeypatch):
    today = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    seen = []
    for now in (today, today + timedelta(seconds=30), today + timedelta(minutes=2)):
        monkeypatch.setattr(module.clock, "now", lambda now=now: now)
        seen.append(read_browser(ask()).keys)

    assert seen[0] == seen[1] != seen[2]


def test_whom_our_cookie_names_is_told_and_his_key_is_that_of_his_dialogs(ask):
    public_id = uuid4()

    found = read_browser(ask(cookies={COOKIE: sign_visitor_cookie(public_id)}))

    assert found.visitor == public_id
    assert found.keys == (key_of_visitor(public_id),)


def test_a_forged_cookie_names_nobody(ask):
    found = read_browser(ask(cookies={COOKIE: f"{uuid4().hex}:forged"}))

    assert found.visitor is None


@pytest.mark.parametrize(
    ("user", "user_id"),
    [
        (None, None),
        (person(7), 7),
        (SimpleNamespace(pk=None, is_authenticated=False, is_staff=False), None),
    ],
)
def test_a_login_is_told_as_far_as_the_shop_looked_at_it(ask, user, user_id):
    assert read_browser(ask(user=user)).user_id == user_id


def test_a_login_that_the_shop_did_not_look_at_is_not_looked_at(ask):
    class Untouchable:
        def __getattr__(self, name):
            raise AssertionError(name)

    request = ask()
    request.user = Untouchable()

    assert read_browser(request).user_id is None


def test_staff_who_look_at_their_shop_are_nobody(ask):
    user = SimpleNamespace(pk=1, is_authenticated=True, is_staff=True)

    assert read_browser(ask(user=user)) is None


def test_where_nothing_may_be_kept_nobody_asks(ask, settings):
    settings.CHATDESK = {"TRACKING": "strict"}

    assert read_browser(ask(cookies={SESSION: "abc"})) is None


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fi", "fi"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru-RU"),
        ("de;q=0.7", "de"),
        ("", ""),
        (",,", ""),
        ("x" * 500, "x" * 35),
    ],
)
def test_the_first_language_counts(ask, header, language):
    assert read_browser(ask(HTTP_ACCEPT_LANGUAGE=header)).language == language


def test_a_hostile_browser_is_one_line_of_some_length(ask):
    found = read_browser(
        ask(HTTP_USER_AGENT=HOSTILE * 99, HTTP_ACCEPT_LANGUAGE=HOSTILE)
    )

    assert len(found.user_agent) <= 300
    assert not {"\x00", "\u202e"} & set(found.user_agent + found.language)


def test_reading_asks_the_database_nothing(ask, db, django_assert_num_queries):
    sent = {SESSION: "abc", COOKIE: sign_visitor_cookie(uuid4())}

    with django_assert_num_queries(0):
        assert read_browser(ask(session="abc", cookies=sent))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("v1", "s1"), "vcs"),
        (("s1",), "cs"),
        (("b1",), "cb"),
        (("s1", "b1"), "csb"),
        ((), "c"),
    ],
)
def test_the_name_of_who_consented_stands_after_the_visitor_and_before_the_rest(
    before, after
):
    given = browser(*before) if before else browser().__class__(keys=())

    named = with_consent(given, "name")

    assert "".join(key[0] for key in named.keys) == after
    assert named.user_agent == given.user_agent


def test_the_name_that_is_given_is_the_one_that_comes_back(ask):
    named = with_consent(browser("s1"), "name" * 20)

    back = read_browser(ask(cookies={VISIT_COOKIE: "name" * 20}))

    assert back.keys[0] in named.keys


@pytest.mark.parametrize(
    ("now", "sent", "is_new"),
    [
        (None, None, False),
        (None, "old", False),
        ("abc", "abc", False),
        ("abc", None, True),
        ("abc", "old", True),
    ],
)
def test_a_session_is_new_when_the_browser_does_not_know_it_yet(ask, now, sent, is_new):
    cookies = {} if sent is None else {SESSION: sent}

    assert has_new_session(ask(session=now, cookies=cookies)) is is_new
