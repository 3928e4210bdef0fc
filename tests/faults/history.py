"""The history of a round: one JSON line an operation, in the order it happened."""

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Line = dict[str, Any]


class History:
    """Writes what happens; every line carries the seconds since the round began."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def now(self) -> float:
        """Seconds since the round began."""
        return time.monotonic() - self._began

    def note(self, **fields: Any) -> None:
        """Write one line."""
        line = {"t": round(self.now, 4), **fields}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def flush(self) -> None:
        """Let readers see what was written so far."""
        self._file.flush()


def read_history(path: Path) -> Iterator[Line]:
    """Yield the lines of a history file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def digest(text: str) -> str:
    """Return what stands for a text in histories, which hold no words."""
    return sha256(text.encode()).hexdigest()[:16]
