"""The strict decoder: whatever comes in, it decodes or is refused, and nothing else."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatdesk.errors import Invalid, TooLarge
from chatdesk.wire import frames
from chatdesk.wire.codes import MAX_FRAME_BYTES
from chatdesk.wire.decode import Decoder, clean_text

ID = "0123456789abcdef" * 2

client_frames = Decoder(frames.ClientFrame)
bodies = [
    Decoder(kind)
    for kind in (
        frames.PostMessage,
        frames.PostMarks,
        frames.PostRating,
        frames.PostTranscript,
        frames.PostClose,
        frames.PostOffer,
        frames.PostTakeOver,
        frames.PostPresence,
        frames.PostVisitorCard,
        frames.PostSession,
    )
]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
tags = st.sampled_from(["hello", "send", "ack", "read", "eph", "ping", "hologram"])
fields = st.sampled_from(
    ["cmid", "conv", "seq", "body", "text", "kind", "resume", "cursor", "t", "hidden"]
)


def send(text):
    """Return a frame as a client with an ordinary JSON library would write it."""
    return json.dumps({"type": "send", "cmid": ID, "conv": ID, "body": {"text": text}})


def decode_or_refuse(raw, decoder=client_frames):
    """Return what was decoded, or None; anything but a refusal is an error."""
    try:
        return decoder.decode(raw)
    except (Invalid, TooLarge):
        return None


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00")
@example(b"[" * 20_000)
@example(b'{"a":' * 5_000)
@example(b"9" * 5_000)
@example(b'{"type": "ping", "t": 1e400}')
@example(b'{"type": "ping", "t": -1E+99999999}')
def test_any_bytes_are_decoded_or_refused(raw):
    for decoder in (client_frames, *bodies):
        decode_or_refuse(raw, decoder)


@given(st.text())
@example("\ud800")
@example('{"type": "\udfff"}')
def test_any_text_is_decoded_or_refused(raw):
    decode_or_refuse(raw)


@given(values)
def test_any_json_is_decoded_or_refused(value):
    raw = json.dumps(value)

    for decoder in (client_frames, *bodies):
        decode_or_refuse(raw, decoder)


@given(tags, st.dictionaries(fields, values))
def test_any_frame_of_a_known_name_is_decoded_or_refused(tag, more):
    frame = decode_or_refuse(json.dumps({"type": tag, **more}))

    assert frame is None or type(frame).__name__.lower() == tag


@given(st.text(max_size=500))
@example("\\u0000")
@example("C:\\new\\u0000")
@example("\\")
def test_words_arrive_as_they_were_written_or_are_refused(text):
    frame = decode_or_refuse(send(text))

    cannot_be_kept = "\0" in text or any("\ud800" <= each <= "\udfff" for each in text)
    if cannot_be_kept:
        assert frame is None
    else:
        assert frame is not None
        assert frame.body.text == text


@pytest.mark.parametrize("escaped", ["\\u0000", "\\\\\\u0000", "a\\nb\\u0000"])
def test_a_nul_that_is_written_as_an_escape_is_refused(escaped):
    raw = send("X").replace("X", escaped)
    assert "\0" in json.loads(raw)["body"]["text"]

    with pytest.raises(Invalid):
        client_frames.decode(raw)


@pytest.mark.parametrize("text", [r"\u0000", r"in C you write \u0000", r"\\u0000"])
def test_who_writes_about_nul_is_not_refused(text):
    assert client_frames.decode(send(text)).body.text == text


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused(raw):
    with pytest.raises(Invalid):
        client_frames.decode(f'{{"type": "ping", "t": {raw}}}')


def test_a_frame_may_be_as_long_as_the_limit_and_no_longer():
    frame = json.dumps({"type": "ping", "t": 1})
    longest = frame + " " * (MAX_FRAME_BYTES - len(frame))

    assert client_frames.decode(longest) == frames.Ping(t=1)
    with pytest.raises(TooLarge):
        client_frames.decode(longest + " ")


def test_the_limit_counts_bytes_and_not_letters():
    with pytest.raises(TooLarge):
        client_frames.decode('"' + "я" * (MAX_FRAME_BYTES // 2) + '"')


def test_fields_of_a_later_release_are_ignored():
    frame = client_frames.decode('{"type": "ping", "t": 3, "mood": {"deep": [1]}}')

    assert frame == frames.Ping(t=3)


@pytest.mark.parametrize(
    "more",
    [
        {"seq": -1},
        {"seq": 2**53 + 1},
        {"seq": "1"},
        {"seq": 1.5},
        {"seq": True},
        {"conv": ID.upper()},
        {"conv": ID + "0"},
        {"conv": ID + "\n"},
    ],
)
def test_a_field_of_the_wrong_kind_is_refused(more):
    right = {"type": "ack", "conv": ID, "seq": 1}
    assert client_frames.decode(json.dumps(right)) == frames.Ack(conv=ID, seq=1)

    with pytest.raises(Invalid):
        client_frames.decode(json.dumps({**right, **more}))


@given(st.text(max_size=60))
@example("e\u0301")
@example("\u0344")
@example(" \u2003\ufeff")
def test_clean_words_are_kept_clean_and_have_something_to_say(text):
    try:
        cleaned = clean_text(text, max_length=40)
    except TooLarge:
        assert len(unicodedata.normalize("NFC", text).strip()) > 40
        return
    except Invalid:
        return

    assert clean_text(cleaned, max_length=40) == cleaned
    assert cleaned == cleaned.strip() != ""
    assert len(cleaned) <= 40
    assert "\0" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t ", "\u00a0\u3000", "\0", "a\0", "\ud800", "\udfffx", "я\0"]
)
def test_words_that_say_nothing_or_cannot_be_kept_are_refused(text):
    with pytest.raises(Invalid):
        clean_text(text, max_length=40)


def test_length_is_counted_in_characters_after_composing():
    assert clean_text("e\u0301" * 40, max_length=40) == "\u00e9" * 40
    with pytest.raises(TooLarge):
        clean_text("\U0001f600" * 41, max_length=40)
