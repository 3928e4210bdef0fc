"""Visitors and operators in rooms: on the tutorial's chat and on socket.io."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec

from bench.light_socket import LightSocket, open_socket
from bench.people import Cast
from bench.servers import Running
from bench.talkers import Frame, Talkers, decode, words

SOCKET_IO = "/socket.io/?EIO=4&transport=websocket"
SETTLE_S = 1.0

decode_event = msgspec.json.Decoder(tuple[str, Frame]).decode

Say = Callable[[LightSocket, str, str], None]
Enter = Callable[[int, str, list[str], Talkers], Awaitable[LightSocket]]


async def talk_on_tutorial(running: Running, cast: Cast, talkers: Talkers) -> None:
    """Open the tutorial's sockets and begin to talk."""
    await _talk(running, cast, talkers, (_open_tutorial, _say))


async def talk_on_socketio(running: Running, cast: Cast, talkers: Talkers) -> None:
    """Open socket.io's sockets and begin to talk."""
    await _talk(running, cast, talkers, (_open_socketio, _emit))


async def _talk(
    running: Running, cast: Cast, talkers: Talkers, how: tuple[Enter, Say]
) -> None:
    enter, say = how
    rooms = range(len(cast.pairs))
    speakers: list[Callable[[], None]] = []
    desks = []
    for number in range(len(cast.operator_cookies)):
        own = [str(room) for room in rooms if cast.pairs[room].operator == number]
        desks.append(await enter(running.operators_port, "operator", own, talkers))
    for room in rooms:
        visitor = await enter(running.port, "visitor", [str(room)], talkers)
        speakers.append(partial(say, visitor, str(room), "visitor"))
        if talkers.rate:
            desk = desks[cast.pairs[room].operator]
            speakers.append(partial(say, desk, str(room), "operator"))
    await asyncio.sleep(SETTLE_S)
    await talkers.begin(speakers)


async def _open_tutorial(
    port: int, me: str, rooms: list[str], talkers: Talkers
) -> LightSocket:
    def hear(data: bytes) -> None:
        frame = decode(data)
        if frame.author != me and talkers.take(frame.text):
            _say(socket, frame.room, me)

    socket = await open_socket(port, f"/tutorial/{'-'.join(rooms)}/", hear)
    talkers.sockets.append(socket)
    return socket


async def _open_socketio(
    port: int, me: str, rooms: list[str], talkers: Talkers
) -> LightSocket:
    joined = asyncio.get_running_loop().create_future()

    def hear(data: bytes) -> None:
        if data.startswith(b"42"):
            frame = decode_event(data[2:])[1]
            if frame.author != me and talkers.take(frame.text):
                _emit(socket, frame.room, me)
        elif data == b"2":
            socket.send(b"3")
        elif data.startswith(b"40"):
            socket.send(b'42["join",' + msgspec.json.encode(rooms) + b"]")
            joined.set_result(None)

    socket = await open_socket(port, SOCKET_IO, hear)
    talkers.sockets.append(socket)
    socket.send(b"40")
    await joined
    return socket


def _say(socket: LightSocket, room: str, author: str) -> None:
    socket.send(_said(room, author))


def _emit(socket: LightSocket, room: str, author: str) -> None:
    # With a number, so that the sender is told when it is stored, as by the others.
    socket.send(b'421["say",' + _said(room, author) + b"]")


def _said(room: str, author: str) -> bytes:
    return (f'{{"room":"{room}","author":"{author}","text":"{words()}"}}').encode()
