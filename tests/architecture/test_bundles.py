"""What the pages of a shop are asked to load."""

import gzip
import re

import pytest

from chatdesk.embed import CHUNKS
from tests.architecture.sources import ROOT

BUILT = ROOT / "chatdesk" / "static" / "chatdesk"


@pytest.mark.parametrize(
    ("names", "kilobytes"),
    [
        (("launcher.js",), 4),
        (("panel.js", "panel.css"), 35),
        (("console.js", "console.css"), 120),
        *(((f"{name}.js",), 8) for name in CHUNKS),
    ],
    ids=["launcher", "panel", "console", *CHUNKS],
)
def test_a_bundle_stays_small(names: tuple[str, ...], kilobytes: int) -> None:
    sizes = [len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in names]
    assert sum(sizes) <= kilobytes * 1024


@pytest.mark.parametrize(
    "name",
    ["launcher.js", "panel.js", "console.js", *(f"{name}.js" for name in CHUNKS)],
)
def test_a_bundle_fetches_nothing_from_elsewhere(name: str) -> None:
    text = (BUILT / name).read_text(encoding="utf-8")
    # A namespace is a name, not an address.
    assert set(re.findall(r"https?://([\w.-]+)", text)) <= {"www.w3.org"}
    assert "sourceMappingURL" not in text
