"""What a process remembers is asked for again in time."""

from chatdesk import remembered
from chatdesk.remembered import Remembered


def test_a_remembered_value_is_asked_for_once_in_a_while(monkeypatch):
    now, asked = [100.0], []
    monkeypatch.setattr(remembered.time, "monotonic", lambda: now[0])
    value = Remembered(lambda: asked.append(None) or len(asked), seconds=30)

    assert [value.get(), value.get()] == [1, 1]
    now[0] += 31
    assert value.get() == 2
    value.forget()
    assert value.get() == 3
