"""What all mails share: who sends, under which name, in which language and zone."""

from datetime import UTC, datetime
from email.utils import parseaddr
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from chatdesk.mail.envelope import Letter, compose, one_line, site_url, speaking

IDENTITY = uuid4()


@pytest.fixture
def letter():
    return Letter(
        effect_id=IDENTITY,
        to=["visitor@mail.example"],
        subject="Hello",
        template="chatdesk/mail/alert",
        context={"since": datetime(2026, 3, 2, 12, 0, tzinfo=UTC), "words": "Hello?"},
    )


def test_a_mail_is_from_the_host_and_answers_go_there(letter):
    mail = compose(letter)
    assert mail.from_email == "shop@example.com"
    assert mail.reply_to == ["shop@example.com"]


def test_a_mail_is_from_the_address_of_the_settings(letter, settings):
    settings.CHATDESK = {"FROM_EMAIL": "Northbrew <chat@northbrew.example>"}
    mail = compose(letter)
    assert parseaddr(mail.from_email)[1] == "chat@northbrew.example"
    assert mail.reply_to == [mail.from_email]


@pytest.mark.parametrize(
    ("site", "domain"),
    [
        ("", "example.com"),
        ("https://shop.example:8443/", "shop.example"),
        ("https://кофе.рф", "xn--e1ajmy.xn--p1ai"),
    ],
)
def test_a_mail_is_identified_by_its_effect(letter, settings, site, domain):
    settings.CHATDESK = {"SITE_URL": site}
    expected = f"<{IDENTITY}@{domain}>"
    assert compose(letter).message()["Message-ID"] == expected
    assert compose(letter).message()["Message-ID"] == expected


def test_a_mail_asks_automatic_replies_to_stay_away(letter):
    assert compose(letter).message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Anna", "Anna"),
        ("Anna\r\nBcc: all@mail.example", "Anna Bcc: all@mail.example"),
        ("Anna\u2028Bcc:\x85all\x0b\x0c", "Anna Bcc: all"),
        ("\0An\x1b[31mna\x7f", "An[31mna"),
        ("Family 👩‍👩‍👧", "Family 👩‍👩‍👧"),
    ],
)
def test_one_line_makes_any_text_fit_for_a_header(text, line):
    assert one_line(text) == line


def test_a_subject_cannot_add_headers(letter):
    mail = compose(
        Letter(**{**_fields(letter), "subject": "Hi\nBcc: all@mail.example"})
    )
    message = mail.message()
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi Bcc: all@mail.example"


@pytest.mark.parametrize(
    ("wanted", "spoken"), [("ru", "ru"), ("ru-RU", "ru"), ("xx", "en"), ("", "en")]
)
def test_speaking_falls_back_to_what_the_site_speaks(wanted, spoken):
    with translation.override("de"), speaking(wanted):
        assert translation.get_language() == spoken
    assert translation.get_language() == "en"


def test_speaking_shows_times_of_the_site(settings):
    with timezone.override("Asia/Tokyo"), speaking("en"):
        assert str(timezone.get_current_timezone()) == settings.TIME_ZONE


def test_site_url_has_no_slash_at_its_end(settings):
    settings.CHATDESK = {"SITE_URL": "https://shop.example/"}
    assert site_url() == "https://shop.example"


def _fields(letter):
    return {name: getattr(letter, name) for name in Letter.__slots__}
