"""One command from nothing to the shop, and again in no time."""

import signal
from pathlib import Path

import pytest

from tests.chatdesk.embedded.running import running
from tests.e2e.filled import SAID, copy_filled_shop

COMMAND = ("manage.py", "demo")


@pytest.fixture(autouse=True)
def catalogue():
    """Nothing of this process: the command fills a database of its own."""


def test_the_demo_prepares_itself_once_and_fresh_when_asked(tmp_path: Path):
    copy_filled_shop(tmp_path / "var")
    host = {
        "SHOP_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "shop_demo.settings",
    }

    first = (tmp_path / "var" / SAID).read_text()
    assert "Making the database" in first
    assert "60 products added" in first

    with running(tmp_path / "second.txt", *COMMAND, **host) as second:
        for path in ("/", "/chatdesk/console/", "/admin/login/", "/outbox/"):
            assert second.get(path) in {200, 302}, path
        second.stop(signal.SIGINT)
    assert second.process.returncode == 0
    assert "added" not in second.said()
    assert "database" not in second.said()
    for line in ("/chatdesk/console/", "/admin/", "/outbox/"):
        assert f"http://localhost:{second.port}{line}" in second.said()
    for login in ("operator", "operator2", "manager", "demo"):
        assert login in second.said()

    left = tmp_path / "var" / "outbox" / "old.log"
    left.parent.mkdir(exist_ok=True)
    left.write_text("A mail of an earlier run.")
    with running(tmp_path / "third.txt", *COMMAND, "--fresh", **host) as third:
        third.stop()
    assert "Starting from nothing" in third.said()
    assert "60 products added" in third.said()
    assert not left.exists()
