"""An address becomes a country and a network, in this process and without a call."""

from types import SimpleNamespace

import pytest

from chatdesk.insight import places
from chatdesk.insight.places import Place, find_place, truncate_address
from tests.visiting import FINLAND


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("85.76.1.2", "85.76.1.0"),
        ("::ffff:85.76.1.2", "85.76.1.0"),
        ("2001:db8:1:2:3::9", "2001:db8:1::"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_only_the_network_of_an_address_is_kept(address, kept):
    assert truncate_address(address) == kept


def test_a_country_is_known_offline():
    assert find_place(FINLAND) == Place(country="FI")


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "::1", "x", ""])
def test_a_private_address_is_nowhere(address):
    assert find_place(address) == Place()


@pytest.mark.parametrize(
    "record",
    [
        {
            "country": {"iso_code": "FI"},
            "city": {"names": {"en": "Turku", "fi": "Åbo"}},
            "location": {"time_zone": "Europe/Helsinki"},
        },
        {"country_code": "FI", "city": "Turku", "timezone": "Europe/Helsinki"},
    ],
)
def test_a_file_of_the_shop_knows_the_city(monkeypatch, record):
    reader = SimpleNamespace(get=lambda _address: record)
    monkeypatch.setattr(places, "_open", lambda _file: reader)

    place = find_place(FINLAND, city_file="cities.mmdb")

    assert place == Place(country="FI", city="Turku", zone="Europe/Helsinki")


def test_a_file_of_another_shape_is_no_error(monkeypatch):
    reader = SimpleNamespace(get=lambda _address: {"city": ["?"], "country": 7})
    monkeypatch.setattr(places, "_open", lambda _file: reader)

    assert find_place(FINLAND, city_file="cities.mmdb") == Place(country="FI")


def test_a_missing_file_is_said_once(caplog):
    places._open.cache_clear()

    find_place(FINLAND, city_file="/nowhere.mmdb")
    find_place(FINLAND, city_file="/nowhere.mmdb")

    assert [record.levelname for record in caplog.records] == ["ERROR"]
