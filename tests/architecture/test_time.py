"""What time it is says ``chatdesk.clock`` alone: a machine's own may be wrong."""

import ast

from tests.architecture.sources import calls_in, place, python_files

# Read the clock of this process when they are given nothing to read from.
OWN_CLOCKS = {
    *("timezone.now", "timezone.localtime", "timezone.localdate"),
    *("datetime.now", "datetime.today", "date.today", "datetime.utcnow"),
    *("time.time", "time.time_ns"),
}
TAKES_A_MOMENT = {"timezone.localtime", "timezone.localdate"}


def test_nobody_asks_the_clock_of_his_own_process() -> None:
    asking = [
        place(path, call)
        for path in python_files("chatdesk")
        if path.name != "clock.py"
        for call in calls_in(path)
        if (name := ast.unparse(call.func)) in OWN_CLOCKS
        and not (name in TAKES_A_MOMENT and call.args)
    ]
    assert asking == []
