"""The short way, on the servers that have one, run as a shop runs them."""

import os
import socket
import sys

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect

from chatdesk.realtime.shortcut import find_shortcut
from tests.architecture.sources import ROOT
from tests.services.process import Server, running
from tests.services.valkey import free_port

ECHO = "tests.chatdesk.realtime.echo:application"
PATIENCE_S = 30


@pytest.fixture(name="process")
def no_process():
    """No socket is served here."""


def command(name, port):
    if name == "daphne":
        return [sys.executable, "-m", "daphne", "-p", str(port), "-v", "0", ECHO]
    return [sys.executable, "-m", "uvicorn", "--port", str(port), ECHO]


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def address(request, tmp_path_factory):
    """Return where the echo listens, behind each server in turn."""
    port = free_port()
    server = Server(
        name=request.param,
        command=command(request.param, port),
        folder=tmp_path_factory.mktemp("server"),
        environment={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings.default",
            "PYTHONPATH": str(ROOT),
        },
    )
    with running(server, is_ready=lambda: listens(port)):
        yield f"ws://127.0.0.1:{port}/"


def listens(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def client(address):
    with connect(address, compression=None, open_timeout=PATIENCE_S) as client:
        yield client


def hear(client):
    return client.recv(timeout=PATIENCE_S)


def test_whole_texts_go_the_short_way_both_ways(client):
    words = ["one", "два", "x" * 300, "y" * 60_000]
    for each in words:
        client.send(each)

    assert [hear(client) for _ in words] == [f"short way: {each}" for each in words]


def test_all_else_goes_the_long_way(client):
    client.send("a long one")
    assert hear(client) == "long way: a long one"
    client.send(iter(["in ", "pieces"]))
    assert hear(client) == "long way: in pieces"
    client.send(b"binary")
    assert hear(client) == "long way: 6 bytes"
    client.send("z" * 70_000)
    assert hear(client) == "long way: " + "z" * 70_000


def test_the_servers_own_pings_and_closing_still_work(client):
    assert client.ping("are you there").wait(PATIENCE_S)
    client.send("after it")
    assert hear(client) == "short way: after it"
    client.close(1000)
    assert client.close_code == 1000


def test_text_that_is_no_utf8_is_the_servers_to_refuse(client):
    broken = Frame(Opcode.TEXT, b"long \xff\xfe").serialize(mask=True)
    client.socket.sendall(broken)
    with pytest.raises(ConnectionClosed):
        hear(client)


def test_compressed_texts_are_understood(address):
    with connect(address, open_timeout=PATIENCE_S) as client:
        client.send("squeeze " * 100)
        assert hear(client).endswith("squeeze " * 100)


def test_between_a_server_and_a_wrapper_there_is_no_short_way():
    async def receive():
        """Stand for a middleware's own."""

    async def send(_message):
        """Stand for a middleware's own."""

    assert find_shortcut(receive, send) is None


def test_a_shop_may_switch_it_off(settings):
    settings.CHATDESK = {"SHORTCUT": False}

    assert find_shortcut(None, None) is None
