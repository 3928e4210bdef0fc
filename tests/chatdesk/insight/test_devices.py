"""Browsers are told from bots, and described in few words."""

import pytest

from chatdesk.insight import devices
from chatdesk.insight.devices import is_bot, read_device
from tests.visiting import IPHONE

DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
BOTS = (
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "python-requests/2.32",
    "",
)


@pytest.fixture(autouse=True)
def _forget():
    caches = (is_bot, read_device, devices._detector)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


@pytest.mark.parametrize("name", BOTS)
def test_a_bot_is_a_bot(name):
    assert is_bot(name)


@pytest.mark.parametrize("name", [IPHONE, DESKTOP])
def test_a_browser_is_none(name):
    assert not is_bot(name)


def test_a_device_is_told_by_family_and_major_version():
    phone, desktop = read_device(IPHONE), read_device(DESKTOP)

    assert (phone.kind, phone.browser, phone.system) == ("phone", "Safari 18", "iOS 18")
    assert (desktop.kind, desktop.browser) == ("desktop", "Chrome 131")


def test_nonsense_is_no_device_and_no_error():
    assert read_device("<script>" * 30).browser == ""


def test_without_the_libraries_there_is_less_to_tell(monkeypatch):
    monkeypatch.setattr(devices, "find_spec", lambda _name: None)

    assert is_bot(BOTS[0])
    assert not is_bot(IPHONE)
    assert read_device(IPHONE) == devices.Device(kind="phone")
