"""The log as the database has it, read behind the product's back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

AUTHORS = {"v": "visitor", "o": "operator", "s": "system"}

ENTRIES = """
    SELECT entry.seq, entry.author_kind, entry.kind, entry.text
    FROM chatdesk_entry entry
    WHERE entry.conversation_id = (
        SELECT conversation_id FROM chatdesk_entry WHERE text = ? AND kind = 'message'
        ORDER BY id DESC LIMIT 1
    )
    ORDER BY entry.seq
"""


class Line(NamedTuple):
    """One entry of a conversation."""

    seq: int
    author: str
    kind: str
    text: str


class Log:
    """Conversations, found by words that were said in them."""

    def __init__(self, database: Path) -> None:
        self._address = f"{database.as_uri()}?mode=ro"

    def lines(self, words: str) -> list[Line]:
        """Return every entry of the newest conversation with this message."""
        with closing(sqlite3.connect(self._address, uri=True, timeout=20)) as database:
            rows = database.execute(ENTRIES, [words]).fetchall()
        return [
            Line(seq, AUTHORS[author], kind, text) for seq, author, kind, text in rows
        ]

    def messages(self, words: str) -> list[str]:
        """Return the texts of the messages of that conversation, in order."""
        return [line.text for line in self.lines(words) if line.kind == "message"]
