"""What the servers hold when a round is over: read with SQL, past all of chatdesk.

The file that is written here and the history are all that the checker sees.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.faults import mailbox
from tests.faults.complaints import complaints_in
from tests.faults.history import digest

Final = dict[str, Any]

WIRE_AUTHORS = {"v": "visitor", "o": "operator", "s": "system"}

ENTRIES = """
    SELECT replace(c.public_id::text, '-', '') AS conv, e.seq, e.author_kind AS side,
           e.author_kind || e.author_id AS author, e.kind, e.staff_only, e.text,
           e.data ->> 'thumb' AS thumb, e.data ->> 'to_id' AS offered_to,
           replace(e.cmid::text, '-', '') AS cmid
    FROM chatdesk_entry e JOIN chatdesk_conversation c ON c.id = e.conversation_id
    ORDER BY c.id, e.seq, e.id
"""
CONVERSATIONS = """
    SELECT replace(c.public_id::text, '-', '') AS conv, c.head, c.status,
           c.operator_id AS operator, c.preview, c.preview_author, c.thumb,
           (SELECT string_agg(r.thumb, ',') FROM chatdesk_rating r
             WHERE r.conversation_id = c.id) AS ratings,
           (SELECT count(*) FROM chatdesk_assignment a
             WHERE a.conversation_id = c.id AND a.to_at IS NULL) AS owners
    FROM chatdesk_conversation c ORDER BY c.id
"""
EFFECTS = """
    SELECT replace(public_id::text, '-', '') AS id, kind, key, state, attempts,
           extract(epoch FROM now() - due_at)::float AS late_s
    FROM chatdesk_effect ORDER BY id
"""
MARKS = """
    SELECT replace(c.public_id::text, '-', '') AS conv, m.author_kind AS side,
           max(m.delivered_seq) AS delivered, max(m.read_seq) AS read
    FROM chatdesk_mark m JOIN chatdesk_conversation c ON c.id = m.conversation_id
    GROUP BY 1, 2 ORDER BY 1, 2
"""
OPERATORS = """
    SELECT o.id, o.capacity,
           (SELECT count(*) FROM chatdesk_lease l WHERE l.operator_id = o.id) AS leases,
           (SELECT count(*) FROM chatdesk_conversation c
             WHERE c.operator_id = o.id AND c.status = 'open') AS load,
           (SELECT state FROM chatdesk_presenceperiod p
             WHERE p.operator_id = o.id AND p.to_at IS NULL) AS state
    FROM chatdesk_operator o ORDER BY o.id
"""


def read_heads(url: str) -> dict[str, int]:
    """Return the newest number of every conversation."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        rows = connection.execute(
            "SELECT replace(public_id::text, '-', ''), head FROM chatdesk_conversation"
        )
        return dict(rows.fetchall())


def read_marks(url: str) -> dict[str, dict[str, int]]:
    """Return how far both sides are, in the words of the protocol."""
    with psycopg.connect(url, connect_timeout=10, row_factory=dict_row) as connection:
        return marks_of(connection.execute(MARKS).fetchall())


def marks_of(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Return rows of marks by conversation, as a client holds them."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        side = WIRE_AUTHORS[row["side"]]
        for name in ("delivered", "read"):
            found.setdefault(row["conv"], {})[f"{side}_{name}"] = row[name]
    return found


def read_final(url: str, *, folder: Path, logs: Sequence[Path], secret: str) -> Final:
    """Return the log and all else that the checker compares histories with."""
    found: dict[str, list[dict[str, Any]]] = {}
    queries = {
        "entries": ENTRIES,
        "conversations": CONVERSATIONS,
        "effects": EFFECTS,
        "operators": OPERATORS,
        "marks": MARKS,
    }
    with psycopg.connect(url, connect_timeout=10, row_factory=dict_row) as connection:
        for name, query in queries.items():
            found[name] = connection.execute(query).fetchall()
    for entry in found["entries"]:
        entry["shown"] = WIRE_AUTHORS[entry["side"]]
        entry["digest"] = digest(entry["text"])
    return {
        **found,
        "mails": _mails(folder),
        "logs": _leaks(logs, secret),
        "complaints": complaints_in(logs),
    }


def _mails(folder: Path) -> list[dict[str, Any]]:
    path = folder / mailbox.NAME
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def _leaks(logs: Sequence[Path], secret: str) -> list[str]:
    """Return the files in which a word stands that only messages hold."""
    return [
        path.name
        for path in logs
        if path.exists() and secret in path.read_text(errors="replace")
    ]
