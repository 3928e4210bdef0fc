"""Strangers' text made fit for storage; it stays hostile wherever it is shown."""

import re

# What no database takes (NUL, halves of pairs) and what turns a line about: controls
# and marks of direction.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]+")
_SPACES = re.compile(r"\s+")


def clean(text: object, *, longest: int) -> str:
    """Return one line of at most so many characters that any database takes."""
    given = str(text)[: longest * 4]
    return _SPACES.sub(" ", _UNFIT.sub(" ", given)).strip()[:longest]


def path_of(address: str) -> str:
    """Return the path of an address without query, fragment and host.

    Query strings carry tokens and search terms that nobody agreed to hand over.
    """
    path = address.split("?", 1)[0].split("#", 1)[0]
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return clean(path, longest=300)
