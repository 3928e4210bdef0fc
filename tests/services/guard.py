"""Run one server for exactly as long as the process that started it lives.

    python guard.py FOLDER UID GID SIGNAL COMMAND...

The starter holds the other end of our standard input. That end closes however the
starter dies, ``kill -9`` included; then the server gets SIGNAL and FOLDER goes away.
Standard library only: it starts in isolated mode, in a few hundredths of a second.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

SECONDS_TO_STOP = 10


def main() -> int:
    folder, uid, gid, signal_name, *command = sys.argv[1:]
    identity = {"user": int(uid), "group": int(gid)} if uid else {}
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd=folder, **identity)
    threading.Thread(
        target=stop_with_the_starter,
        args=(server, signal.Signals[signal_name]),
        daemon=True,
    ).start()
    code = server.wait()
    shutil.rmtree(folder, ignore_errors=True)
    return code


def stop_with_the_starter(server: subprocess.Popen, stop: signal.Signals) -> None:
    """Wait for the end of standard input, then for the server's."""
    os.read(0, 1)
    server.send_signal(stop)
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    sys.exit(main())
