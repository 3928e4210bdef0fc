"""Whether a browser may be watched is the word of the shop's consent tool."""

import pytest

from chatdesk.insight import consent
from chatdesk.insight.consent import is_watched, may_watch, read_consent


@pytest.fixture(autouse=True)
def _forget():
    consent._function.cache_clear()
    yield
    consent._function.cache_clear()


def asked(rf, **cookies):
    request = rf.get("/")
    request.COOKIES.update(cookies)
    return request


def says_yes(_request):
    return True


def says_no(_request):
    return False


def says_nothing(_request):
    return None


def says_a_word(_request):
    return "all"


def says_an_empty_word(_request):
    return ""


def reads_a_header(request):
    return request.headers.get("Sec-GPC") != "1"


def breaks(_request):
    raise LookupError("no such tool")


def function(name):
    return {"CONSENT": f"{__name__}.{name}"}


@pytest.mark.parametrize(
    ("wanted", "cookies", "given"),
    [
        ("", {}, None),
        ("", {"cookies": "all"}, None),
        ("cookies=all", {}, None),
        ("cookies=all", {"cookies": "all"}, True),
        ("cookies=all", {"cookies": "necessary"}, False),
        ("cookies=all", {"cookies": ""}, False),
        ("cookies=all", {"cookies": "ALL"}, False),
        ("cookies=all", {"other": "all"}, None),
        ("cookies", {"cookies": "anything"}, True),
        ("cookies", {}, None),
        ("cookies=a=b", {"cookies": "a=b"}, True),
        ("=all", {"": "all"}, None),
    ],
)
def test_a_cookie_of_the_tool_says_yes_no_or_nothing(
    rf, settings, wanted, cookies, given
):
    settings.CHATDESK = {"CONSENT_COOKIE": wanted}

    assert read_consent(asked(rf, **cookies)) is given


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("says_yes", True),
        ("says_no", False),
        ("says_nothing", None),
        ("says_a_word", True),
        ("says_an_empty_word", False),
        ("breaks", False),
        ("is_not_there", False),
    ],
)
def test_a_function_of_the_shop_says_it_and_what_breaks_says_no(
    rf, settings, name, given
):
    settings.CHATDESK = function(name)

    assert read_consent(asked(rf)) is given


def test_a_function_goes_before_the_cookie(rf, settings):
    settings.CHATDESK = {**function("says_no"), "CONSENT_COOKIE": "cookies=all"}

    assert read_consent(asked(rf, cookies="all")) is False


def test_a_function_is_asked_about_this_request(rf, settings):
    settings.CHATDESK = function("reads_a_header")

    assert read_consent(rf.get("/")) is True
    assert read_consent(rf.get("/", headers={"Sec-GPC": "1"})) is False


def test_why_a_function_failed_is_in_the_log(rf, settings, caplog):
    settings.CHATDESK = function("breaks")

    read_consent(asked(rf))

    assert "no such tool" in caplog.text


@pytest.mark.parametrize(
    ("tracking", "answer", "may"),
    [
        ("notice", "says_yes", True),
        ("notice", "says_nothing", True),
        ("notice", "says_no", False),
        ("notice", "breaks", False),
        ("strict", "says_yes", True),
        ("strict", "says_nothing", False),
        ("strict", "says_no", False),
        ("strict", "breaks", False),
        ("off", "says_yes", False),
        ("off", "says_nothing", False),
        ("off", "says_no", False),
    ],
)
def test_what_may_be_kept_depends_on_the_mode_and_the_answer(
    rf, settings, tracking, answer, may
):
    settings.CHATDESK = {"TRACKING": tracking, **function(answer)}

    assert may_watch(asked(rf)) is may


@pytest.mark.parametrize(
    ("tracking", "watched"), [("notice", True), ("strict", True), ("off", False)]
)
def test_a_shop_that_is_off_watches_nobody(settings, tracking, watched):
    settings.CHATDESK = {"TRACKING": tracking}

    assert is_watched() is watched


def test_a_shop_that_watches_nobody_does_not_ask_its_tool(rf, settings, caplog):
    settings.CHATDESK = {"TRACKING": "off", **function("breaks")}

    assert not may_watch(asked(rf))
    assert not caplog.records
