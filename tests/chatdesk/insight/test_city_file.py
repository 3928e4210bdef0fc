"""A real file of cities, as the shop would name one: written here, read by the library.

The format is that of MaxMind: a tree of bits that ends in records, then a description.
"""

import struct
from ipaddress import ip_network

import pytest

from chatdesk.insight import places
from chatdesk.insight.places import Place, find_place
from tests.visiting import FINLAND

MARK = b"\xab\xcd\xefMaxMind.com"
SHORT, WHOLE, LONG = 5, 6, 9
TURKU = {
    "country": {"iso_code": "FI"},
    "city": {"names": {"en": "Turku", "fi": "Åbo"}},
    "location": {"time_zone": "Europe/Helsinki"},
}


def packed(value):
    """Return a value as the format writes it."""
    if isinstance(value, dict):
        parts = [packed(each) for pair in value.items() for each in pair]
        return _head(7, len(value)) + b"".join(parts)
    if isinstance(value, str):
        raw = value.encode()
        return _head(2, len(raw)) + raw
    if isinstance(value, list):
        return _head(11, len(value)) + b"".join(map(packed, value))
    kind, number = value
    raw = number.to_bytes(8, "big").lstrip(b"\0")
    return _head(kind, len(raw)) + raw


def _head(kind, size):
    shown, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    if kind <= 7:
        return bytes([kind << 5 | shown]) + more
    return bytes([shown, kind - 7]) + more


def city_file(networks):
    """Return the bytes of a file that knows these networks of the fourth version."""
    tree, data, offsets = [[None, None]], b"", {}
    for network, record in networks.items():
        offsets[network] = len(data)
        data += packed(record)
    for network in networks:
        parsed, node = ip_network(network), 0
        bits = [
            int(parsed.network_address) >> (31 - depth) & 1
            for depth in range(parsed.prefixlen)
        ]
        for bit in bits[:-1]:
            if tree[node][bit] is None:
                tree[node][bit] = len(tree)
                tree.append([None, None])
            node = tree[node][bit]
        tree[node][bits[-1]] = ("data", offsets[network])
    count = len(tree)

    def entry(branch):
        if branch is None:
            return count
        return branch if isinstance(branch, int) else count + 16 + branch[1]

    nodes = b"".join(struct.pack(">II", *map(entry, node)) for node in tree)
    facts = {
        "binary_format_major_version": (SHORT, 2),
        "binary_format_minor_version": (SHORT, 0),
        "build_epoch": (LONG, 1_770_000_000),
        "database_type": "Tests-City",
        "description": {"en": "Cities of a test"},
        "ip_version": (SHORT, 4),
        "languages": ["en"],
        "node_count": (WHOLE, count),
        "record_size": (SHORT, 32),
    }
    return nodes + bytes(16) + data + MARK + packed(facts)


@pytest.fixture(autouse=True)
def _forget():
    caches = (places._open, places._country_finder)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


@pytest.fixture
def write(tmp_path):
    """Write a file that is closed when the test is over."""
    opened = []

    def make(networks):
        name = tmp_path / "cities.mmdb"
        name.write_bytes(city_file(networks))
        opened.append(str(name))
        return str(name)

    yield make
    for name in opened:
        reader = places._open(name)
        if reader is not None:
            reader.close()


def test_a_city_and_its_zone_are_read_from_the_file(write):
    cities = write({"85.76.0.0/16": TURKU})

    place = find_place(FINLAND, city_file=cities)

    assert place == Place(country="FI", city="Turku", zone="Europe/Helsinki")


def test_the_narrower_network_has_the_word(write):
    cities = write(
        {
            "85.76.1.0/24": {"city": "Near"},
            "85.76.2.0/24": {"city": "Far"},
        }
    )

    assert find_place("85.76.1.9", city_file=cities).city == "Near"
    assert find_place("85.76.2.9", city_file=cities).city == "Far"


def test_an_address_that_the_file_does_not_know_has_its_country_only(write):
    cities = write({"8.8.8.0/24": TURKU})

    assert find_place(FINLAND, city_file=cities) == Place(country="FI")


def test_an_address_of_the_sixth_version_in_a_file_of_the_fourth_is_no_error(write):
    cities = write({"85.76.0.0/16": TURKU})

    place = find_place("2001:14ba::1", city_file=cities)

    assert (place.city, place.zone) == ("", "")


def test_the_file_knows_better_than_the_registry(write):
    cities = write({"85.76.0.0/16": {"country": {"iso_code": "ee"}}})

    assert find_place(FINLAND, city_file=cities).country == "EE"


def test_a_private_address_is_nowhere_whatever_the_file_says(write):
    cities = write({"10.0.0.0/8": TURKU})

    assert find_place("10.1.2.3", city_file=cities) == Place()


@pytest.mark.parametrize(
    ("record", "city"),
    [
        ({"city": {"names": {"ru": "Турку"}}}, ""),
        ({"city": {"names": {"en": "<b>Turku</b>"}}}, "<b>Turku</b>"),
        ({"city": {"names": {"en": "Tu\u202erku"}}}, "Tu rku"),
        ({"city": {"names": {"en": "x" * 200}}}, "x" * 100),
        ({"city": {"names": {"en": (SHORT, 7)}}}, ""),
        ({"city": {"geoname_id": (WHOLE, 633679)}}, ""),
        ({"city": (SHORT, 7)}, ""),
        ({"city": ["Turku"]}, ""),
        ({}, ""),
        ("only a word", ""),
    ],
)
def test_a_record_may_hold_anything(write, record, city):
    cities = write({"85.76.0.0/16": record})

    assert find_place(FINLAND, city_file=cities).city == city


def test_a_file_is_opened_once(write, monkeypatch):
    cities = write({"85.76.0.0/16": TURKU})
    find_place(FINLAND, city_file=cities)
    monkeypatch.setattr(places, "import_module", None)

    assert find_place(FINLAND, city_file=cities).city == "Turku"


@pytest.mark.parametrize(
    "content", [b"", b"not a file of cities", MARK, MARK + b"\xff"]
)
def test_a_broken_file_is_a_word_in_the_log_and_no_city(tmp_path, content, caplog):
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(content)

    assert find_place(FINLAND, city_file=str(broken)) == Place(country="FI")
    assert "cannot be read" in caplog.text


def test_without_the_library_of_the_format_there_is_no_city(monkeypatch, caplog):
    monkeypatch.setattr(places, "find_spec", lambda name: name != "maxminddb")

    assert find_place(FINLAND, city_file="cities.mmdb") == Place(country="FI")
    assert "needs the package maxminddb" in caplog.text


def test_without_the_library_of_countries_the_file_still_knows(write, monkeypatch):
    monkeypatch.setattr(places, "find_spec", lambda name: name != "iptocc")
    cities = write({"85.76.0.0/16": TURKU})

    assert find_place(FINLAND, city_file=cities).country == "FI"
    assert find_place(FINLAND).country == ""
