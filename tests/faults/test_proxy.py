"""The proxy spoils exactly what it is told to, and leaves the rest alone."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
import websockets

from tests.faults.proxy import Act, Proxy, Rule
from tests.sockets import until

PATIENCE_S = 30.0

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Echo:
    """A server that repeats what it hears, and counts the pieces it came in."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.ends = asyncio.Queue()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while piece := await reader.read(1 << 16):
                self.pieces.append(piece)
                writer.write(piece)
                await writer.drain()
            self.ends.put_nowait("end")
        except ConnectionResetError:
            self.ends.put_nowait("reset")
        finally:
            writer.close()


@asynccontextmanager
async def started(proxy: Proxy) -> AsyncIterator[Proxy]:
    """Run a proxy without ever making this loop wait for its thread."""
    await asyncio.to_thread(proxy.__enter__)
    try:
        yield proxy
    finally:
        await asyncio.to_thread(proxy.__exit__)


@pytest_asyncio.fixture
async def echo() -> AsyncIterator[tuple[Echo, int]]:
    echo = Echo()
    async with await asyncio.start_server(echo.serve, "127.0.0.1") as server:
        yield echo, server.sockets[0].getsockname()[1]


@pytest_asyncio.fixture
async def proxy(echo: tuple[Echo, int]) -> AsyncIterator[Proxy]:
    async with started(Proxy(("127.0.0.1", echo[1]))) as proxy:
        yield proxy


async def connect(proxy: Proxy) -> Connection:
    return await asyncio.open_connection("127.0.0.1", proxy.port)


async def ask(connection: Connection, words: bytes) -> bytes:
    reader, writer = connection
    writer.write(words)
    return await asyncio.wait_for(reader.readexactly(len(words)), PATIENCE_S)


async def leave(*connections: Connection) -> None:
    for _, writer in connections:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def ended(connection: Connection) -> bool:
    try:
        return not await asyncio.wait_for(connection[0].read(), PATIENCE_S)
    except ConnectionResetError:
        return True


async def test_what_nobody_spoils_passes_both_ways(proxy: Proxy) -> None:
    connection = await connect(proxy)
    long = bytes(range(256)) * 4000

    assert await ask(connection, b"hello") == b"hello"
    assert await ask(connection, long) == long
    assert (proxy.accepted, proxy.open) == (1, 1)
    await leave(connection)


async def test_slices_come_in_tiny_pieces(proxy: Proxy, echo: tuple[Echo, int]) -> None:
    proxy.to_server.slice_bytes = 2
    connection = await connect(proxy)

    assert await ask(connection, b"abcdefg") == b"abcdefg"
    assert len(echo[0].pieces) > 1
    await leave(connection)


async def test_a_slow_way_takes_its_time(proxy: Proxy) -> None:
    proxy.to_server.delay_s, proxy.to_server.jitter_s = 0.2, 0.1
    connection = await connect(proxy)
    began = asyncio.get_running_loop().time()

    assert await ask(connection, b"hello") == b"hello"

    assert asyncio.get_running_loop().time() - began > 0.09
    await leave(connection)


async def test_a_black_hole_takes_all_and_answers_when_it_is_mended(
    proxy: Proxy, echo: tuple[Echo, int]
) -> None:
    before = await connect(proxy)
    assert await ask(before, b"one") == b"one"
    proxy.hang()
    during = await connect(proxy)
    asking = [asyncio.ensure_future(ask(each, b"two")) for each in (before, during)]
    done, _ = await asyncio.wait(asking, timeout=0.2)
    assert (done, echo[0].pieces) == (set(), [b"one"])

    proxy.mend()

    assert await asyncio.gather(*asking) == [b"two", b"two"]
    await leave(before, during)


async def test_one_direction_may_be_silent_alone(
    proxy: Proxy, echo: tuple[Echo, int]
) -> None:
    connection = await connect(proxy)
    assert await ask(connection, b"one") == b"one"
    proxy.to_client.is_silent = True
    asking = asyncio.ensure_future(ask(connection, b"two"))
    await until(lambda: echo[0].pieces == [b"one", b"two"], seconds=PATIENCE_S)
    assert not asking.done()

    proxy.mend()

    assert await asking == b"two"
    await leave(connection)


async def test_who_is_down_refuses_and_keeps_the_port(proxy: Proxy) -> None:
    connection = await connect(proxy)
    await ask(connection, b"hello")

    await asyncio.to_thread(proxy.refuse)

    assert await ended(connection)
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy)
    await asyncio.to_thread(proxy.accept)
    again = await connect(proxy)
    assert await ask(again, b"hello") == b"hello"
    await leave(connection, again)


async def test_a_cut_resets_what_is_open_and_welcomes_what_comes(
    proxy: Proxy, echo: tuple[Echo, int]
) -> None:
    connection = await connect(proxy)
    await ask(connection, b"hello")

    await asyncio.to_thread(proxy.cut)

    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(connection[0].read(1), PATIENCE_S)
    assert await asyncio.wait_for(echo[0].ends.get(), PATIENCE_S) == "reset"
    again = await connect(proxy)
    assert await ask(again, b"hello") == b"hello"
    await leave(connection, again)


async def test_after_so_many_bytes_the_line_is_cut(
    proxy: Proxy, echo: tuple[Echo, int]
) -> None:
    proxy.to_server.limit_bytes = 3
    connection = await connect(proxy)
    connection[1].write(b"abcdefg")

    assert await ended(connection)

    await asyncio.wait_for(echo[0].ends.get(), PATIENCE_S)
    assert b"".join(echo[0].pieces) in {b"", b"abc"}
    await leave(connection)


async def is_answered(proxy: Proxy) -> bool:
    try:
        connection = await connect(proxy)
    except ConnectionResetError:
        return False
    try:
        return await ask(connection, b"?") == b"?"
    except (ConnectionResetError, asyncio.IncompleteReadError):
        return False
    finally:
        await leave(connection)


async def test_a_seed_decides_who_is_reset(echo: tuple[Echo, int]) -> None:
    seen = []
    for seed in (1, 1, 2):
        async with started(Proxy(("127.0.0.1", echo[1]), seed=seed)) as proxy:
            proxy.reset_on_connect = 0.5
            seen.append([await is_answered(proxy) for _ in range(12)])
    assert seen[0] == seen[1] != seen[2]
    assert {True, False} == set(seen[0])


async def test_what_passes_may_break_the_line(proxy: Proxy) -> None:
    connection = await connect(proxy)
    assert await ask(connection, b"one") == b"one"

    proxy.to_server.reset_chance = 1.0
    connection[1].write(b"two")

    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(connection[0].readexactly(4), PATIENCE_S)
    await leave(connection)


async def test_a_target_that_is_gone_ends_the_connection(proxy: Proxy) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        proxy.target = nobody.getsockname()
        assert not await is_answered(proxy)


async def test_a_rule_knows_raw_bytes(proxy: Proxy, echo: tuple[Echo, int]) -> None:
    rule = Rule(Act.HANG_AFTER, lambda raw: b"COMMIT" in raw)
    proxy.to_server.rules.append(rule)
    connection = await connect(proxy)
    assert await ask(connection, b"BEGIN") == b"BEGIN"
    connection[1].write(b"COMMIT")
    assert await asyncio.to_thread(rule.fired.wait, PATIENCE_S)

    other = await connect(proxy)
    assert await ask(other, b"BEGIN") == b"BEGIN"

    # The server has heard it; its answer never comes back.
    await until(lambda: b"COMMIT" in echo[0].pieces, seconds=PATIENCE_S)
    done, _ = await asyncio.wait(
        [asyncio.ensure_future(connection[0].read(1))], timeout=0.1
    )
    assert done == set()
    await leave(connection, other)


# Frames


@pytest_asyncio.fixture
async def heard() -> AsyncIterator[tuple[list[int], int]]:
    """Yield what a server of sockets heard, and its port; it answers every frame."""
    heard: list[int] = []

    async def serve(connection: websockets.ServerConnection) -> None:
        async for text in connection:
            heard.append(json.loads(text)["n"])
            await connection.send(json.dumps({"got": heard[-1], "pad": "x" * 70_000}))

    async with websockets.serve(serve, "127.0.0.1", 0) as server:
        yield heard, server.sockets[0].getsockname()[1]


@pytest_asyncio.fixture
async def frames(heard: tuple[list[int], int]) -> AsyncIterator[Proxy]:
    async with started(Proxy(("127.0.0.1", heard[1]), knows_frames=True)) as proxy:
        yield proxy


async def talk(proxy: Proxy, *numbers: int, answers: int | None = None) -> list[int]:
    """Say numbers; return what was answered until the end, or so many answers."""
    got: list[int] = []
    async with (
        asyncio.timeout(PATIENCE_S),
        websockets.connect(f"ws://127.0.0.1:{proxy.port}/") as connection,
    ):
        try:
            for number in numbers:
                await connection.send(json.dumps({"n": number}))
            while len(got) != answers:
                got.append(json.loads(await connection.recv())["got"])
        except websockets.ConnectionClosed:
            pass
    return got


async def test_frames_of_any_length_pass(
    frames: Proxy, heard: tuple[list[int], int]
) -> None:
    frames.to_server.slice_bytes = 3

    assert await talk(frames, 1, 2, 3, answers=3) == [1, 2, 3]
    assert heard[0] == [1, 2, 3]


@pytest.mark.parametrize(
    ("act", "server_hears", "answers"),
    [
        (Act.DROP, [1, 3], 2),
        (Act.DUPLICATE, [1, 2, 2, 3], 4),
        (Act.DELAY, [1, 2, 3], 3),
    ],
)
async def test_a_rule_strikes_one_frame(
    frames: Proxy,
    heard: tuple[list[int], int],
    act: Act,
    server_hears: list[int],
    answers: int,
) -> None:
    rule = Rule(act, lambda frame: frame["n"] > 1, seconds=0.05)
    frames.to_server.rules.append(rule)

    assert await talk(frames, 1, 2, 3, answers=answers) == server_hears
    assert heard[0] == server_hears
    assert rule.fired.is_set()
    assert rule.seen >= 2 - (act is Act.DROP)


@pytest.mark.parametrize(
    ("act", "server_hears"), [(Act.CUT_BEFORE, [1]), (Act.CUT_AFTER, [1, 2])]
)
async def test_a_cut_comes_before_a_frame_or_right_after(
    frames: Proxy, heard: tuple[list[int], int], act: Act, server_hears: list[int]
) -> None:
    frames.to_server.rules.append(Rule(act, lambda frame: frame["n"] == 2))

    await talk(frames, 1, 2, 3)

    await until(lambda: heard[0] == server_hears, seconds=PATIENCE_S)


@pytest.mark.parametrize(
    ("act", "client_gets"), [(Act.CUT_BEFORE, [1]), (Act.CUT_AFTER, [1, 2])]
)
async def test_answers_are_cut_as_well(
    frames: Proxy, act: Act, client_gets: list[int]
) -> None:
    frames.to_client.rules.append(Rule(act, lambda frame: "got" in frame, nth=2))

    # What was sent before a reset may be lost with it.
    got = await talk(frames, 1, 2, 3)
    assert got == client_gets if act is Act.CUT_AFTER else got in ([], [1])


async def test_a_rule_may_strike_every_frame(frames: Proxy) -> None:
    rule = Rule(Act.DUPLICATE, nth=None)
    frames.to_client.rules.append(rule)

    assert await talk(frames, 1, 2, answers=4) == [1, 1, 2, 2]
