"""What a page may say of a look at it, and what it may not."""

import json

import pytest

from chatdesk.errors import Invalid
from chatdesk.wire.decode import Decoder
from chatdesk.wire.visits import PostLook

looks = Decoder(PostLook)


def said(**fields):
    return looks.decode(json.dumps({"path": "/", **fields}))


def test_a_path_is_enough():
    assert said() == PostLook(path="/", seconds=0, zone="", leaving=False)


@pytest.mark.parametrize(
    "fields",
    [
        {"path": ""},
        {"path": "x" * 1000},
        {"path": "/чайник/"},
        {"seconds": 0},
        {"seconds": 86400},
        {"zone": "z" * 64},
        {"leaving": True},
        {"of_a_later_release": 1},
    ],
)
def test_what_a_browser_says_is_taken(fields):
    look = said(**fields)

    known = {name: value for name, value in fields.items() if hasattr(look, name)}
    assert {name: getattr(look, name) for name in known} == known


@pytest.mark.parametrize(
    "fields",
    [
        {"path": None},
        {"path": 7},
        {"path": ["/"]},
        {"path": "x" * 1001},
        {"path": "nul\x00"},
        {"seconds": -1},
        {"seconds": 86401},
        {"seconds": 1.5},
        {"seconds": "7"},
        {"seconds": True},
        {"seconds": None},
        {"zone": "z" * 65},
        {"zone": 1},
        {"leaving": 1},
        {"leaving": "true"},
        {"leaving": None},
    ],
)
def test_what_no_browser_says_is_refused(fields):
    with pytest.raises(Invalid):
        said(**fields)


@pytest.mark.parametrize(
    "raw", ["", "{}", "[]", "null", '"/"', '{"path":"/"', '{"seconds":1}', "{'path':1}"]
)
def test_what_is_no_look_is_refused(raw):
    with pytest.raises(Invalid):
        looks.decode(raw)
