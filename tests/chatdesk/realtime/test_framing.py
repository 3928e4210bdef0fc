"""Frames as bytes: what is taken out of a stream, and what is left to the server."""

import pytest

from chatdesk.realtime.framing import FrameReader, text_frame, unmask

MASK = b"\x1f\x02\xf3\x04"


@pytest.fixture(name="process")
def no_process():
    """No socket is served here."""


class Stream:
    """A client's stream, what was taken out of it and what the server got."""

    def __init__(self, *, takes=True):
        self.taken, self.left = [], b""
        self.takes = takes
        self.reader = FrameReader(take=self.take, leave=self.leave)

    def take(self, data):
        if self.takes:
            self.taken.append(data.decode())
        return self.takes

    def leave(self, data):
        self.left += data


def frame(data, *, first=0x81, mask=MASK):
    length = len(data)
    if length < 126:
        head = bytes((first, 0x80 | length))
    else:
        head = bytes((first, 0xFE)) + length.to_bytes(2, "big")
    return head + mask + unmask(mask, data)


WORDS = ["", "a", "hello", "x" * 125, "y" * 126, "ж" * 4000]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 100_000])
def test_texts_are_taken_however_the_network_cuts_them(size):
    stream, whole = Stream(), b"".join(frame(each.encode()) for each in WORDS)
    for at in range(0, len(whole), size):
        stream.reader.feed(whole[at : at + size])

    assert stream.taken == WORDS
    assert stream.left == b""


def test_the_server_gets_what_is_no_whole_text_and_in_whole_frames():
    others = [
        frame(b"binary", first=0x82),
        frame(b"ping", first=0x89),
        frame(b"compressed", first=0xC1),
        frame(b"\x03\xe8", first=0x88),
    ]
    stream = Stream()
    for other in others:
        stream.reader.feed(frame(b"before") + other[:4])
        stream.reader.feed(other[4:] + frame(b"after"))

    assert stream.left == b"".join(others)
    assert stream.taken == ["before", "after"] * len(others)


def test_a_text_in_pieces_is_the_servers_with_all_that_comes_within_it():
    pieces = [
        frame(b"one ", first=0x01),
        frame(b"", first=0x89),
        frame(b"two", first=0x80),
    ]
    stream = Stream()
    for piece in pieces:
        stream.reader.feed(piece)
    stream.reader.feed(frame(b"whole"))

    assert stream.left == b"".join(pieces)
    assert stream.taken == ["whole"]


def test_what_is_not_taken_reaches_the_server_as_it_came():
    stream = Stream(takes=False)
    stream.reader.feed(frame(b"hello"))

    assert stream.left == frame(b"hello")


@pytest.mark.parametrize(
    "odd",
    [
        bytes((0x81, 0x05)) + b"plain",
        bytes((0x81, 0xFF)) + (1 << 16).to_bytes(8, "big") + MASK,
        bytes((0x81, 0xFE)) + (5).to_bytes(2, "big") + MASK + b"short",
    ],
    ids=["not masked", "long", "length of the wrong size"],
)
def test_from_a_frame_that_clients_do_not_send_all_is_the_servers(odd):
    stream = Stream()
    stream.reader.feed(frame(b"before") + odd)
    stream.reader.feed(frame(b"after"))

    assert stream.taken == ["before"]
    assert stream.left == odd + frame(b"after")


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_text_goes_out_as_one_frame_with_the_shortest_length(length):
    sent = text_frame("z" * length)
    head = {True: 2, length > 125: 4, length > 65_535: 10}[True]

    assert sent[0] == 0x81
    assert sent[head:] == b"z" * length
