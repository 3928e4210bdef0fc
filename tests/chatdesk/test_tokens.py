"""The visitor's cookie: who can make one, how long it counts."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.tokens import (
    SALT,
    is_worth_renewing,
    read_visitor_cookie,
    sign_visitor_cookie,
)

SOMEBODY = UUID("0123456789abcdef0123456789abcdef")


def test_what_was_signed_is_read():
    assert read_visitor_cookie(sign_visitor_cookie(SOMEBODY)) == SOMEBODY


def test_a_changed_cookie_names_nobody():
    value = sign_visitor_cookie(SOMEBODY)
    for place in range(len(value)):
        other = "0" if value[place] != "0" else "1"
        changed = value[:place] + other + value[place + 1 :]
        assert read_visitor_cookie(changed) is None, place


@pytest.mark.parametrize(
    "value",
    ["", ":", "::", SOMEBODY.hex, f"{SOMEBODY.hex}:1:", "é:1:x", "\ud800", "\0"],
)
def test_what_was_never_signed_names_nobody(value):
    assert read_visitor_cookie(value) is None


@pytest.mark.parametrize(
    "name", ["", "1", SOMEBODY.hex[:-1], SOMEBODY.hex.upper(), str(SOMEBODY), "x" * 32]
)
def test_a_good_signature_under_anything_but_an_id_names_nobody(name):
    assert read_visitor_cookie(TimestampSigner(salt=SALT).sign(name)) is None


def test_signatures_for_other_purposes_do_not_count():
    assert read_visitor_cookie(TimestampSigner(salt="other").sign(SOMEBODY.hex)) is None


def test_a_cookie_ends_with_its_age():
    value, age = sign_visitor_cookie(SOMEBODY), get_settings().visitor_cookie_age
    with time_machine.travel(timezone.now() + age - timedelta(minutes=1)):
        assert read_visitor_cookie(value) == SOMEBODY
    with time_machine.travel(timezone.now() + age + timedelta(minutes=1)):
        assert read_visitor_cookie(value) is None


def test_a_cookie_is_worth_renewing_after_a_day():
    value = sign_visitor_cookie(SOMEBODY)

    assert not is_worth_renewing(value)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert is_worth_renewing(value)


def test_a_new_secret_key_still_knows_the_old_one(settings):
    value = sign_visitor_cookie(SOMEBODY)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key for the same shop"

    assert read_visitor_cookie(value) == SOMEBODY
    settings.SECRET_KEY_FALLBACKS = []
    assert read_visitor_cookie(value) is None


def test_two_visitors_have_cookies_of_their_own():
    assert sign_visitor_cookie(uuid4()) != sign_visitor_cookie(uuid4())
