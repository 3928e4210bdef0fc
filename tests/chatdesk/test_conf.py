"""Settings: defaults, what a shop changes, and keys that do not exist."""

from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from chatdesk.conf import get_settings


def test_a_shop_that_sets_nothing_gets_the_defaults():
    settings = get_settings()

    assert settings.limit == timedelta(seconds=20)
    assert settings.goal == timedelta(seconds=15)
    assert settings.allowed_origins == ()


def test_a_shop_sets_keys_in_capitals():
    with override_settings(CHATDESK={"LIMIT": timedelta(seconds=45), "CAPACITY": 3}):
        assert get_settings().limit == timedelta(seconds=45)
        assert get_settings().capacity == 3

    assert get_settings().capacity == 5


@pytest.mark.parametrize("key", ["LIMITS", "limit", "_LIMIT", ""])
def test_a_key_that_does_not_exist_is_refused_by_name(key):
    with (
        override_settings(CHATDESK={"GOAL": timedelta(0), key: 1}),
        pytest.raises(ImproperlyConfigured, match=f"unknown keys: {key}$"),
    ):
        get_settings()


def test_settings_are_built_once():
    assert get_settings() is get_settings()


def test_settings_cannot_be_changed_while_they_are_in_force():
    with pytest.raises(FrozenInstanceError):
        get_settings().capacity = 100


def test_other_settings_of_the_host_change_nothing():
    before = get_settings()

    with override_settings(LANGUAGE_CODE="ru"):
        assert get_settings() is before
