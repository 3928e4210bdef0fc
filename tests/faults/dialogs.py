"""Judges what became of dialogs: who led them, what was done, how they stand."""

from tests.faults.evidence import Evidence, Violations

DEEDS = {"take", "release", "offer", "accept", "close", "rate"}
# Deeds with a key, and the entry that each leaves.
KEYED = {"rate": "rated", "close": "closed"}
# What an entry makes of a conversation, by what that was before.
BECOMES: dict[str, dict[str, str]] = {
    "message": {"": "waiting"},
    "taken": {"waiting": "open", "open": "open"},
    "released": {"open": "waiting"},
    "closed": {"waiting": "closed", "open": "closed"},
    "reopened": {"closed": "waiting"},
}
PREVIEW = 160


def check_takes(evidence: Evidence) -> Violations:
    """Nobody takes what a colleague leads, unless he offered it to him."""
    for conv, rows in evidence.rows.items():
        owner = offered_to = ""
        for row in rows:
            if row["kind"] == "offered":
                offered_to = f"o{row['offered_to']}"
            elif row["kind"] == "taken":
                if owner and row["author"] != offered_to:
                    yield "I15", f"{conv}/{row['seq']} was taken while {owner} had it"
                owner, offered_to = row["author"], ""
            elif row["kind"] in {"released", "closed"}:
                owner = offered_to = ""
            elif row["kind"] == "declined":
                offered_to = ""


def check_owners(evidence: Evidence) -> Violations:
    """The records know one owner, and nobody leads more than he can."""
    for fact in evidence.final["conversations"]:
        if fact["owners"] != (fact["status"] == "open"):
            yield "I15", f"{fact['conv']} has {fact['owners']} owners in the records"
    for row in evidence.final["operators"]:
        if row["load"] > row["capacity"]:
            yield "I15", f"operator {row['id']} leads {row['load']}"


def check_facts(evidence: Evidence) -> Violations:
    """A list shows the latest message."""
    for fact in evidence.final["conversations"]:
        said = [row for row in evidence.rows[fact["conv"]] if row["kind"] == "message"]
        if said and fact["preview"] != said[-1]["text"][:PREVIEW]:
            yield "I16", f"{fact['conv']} previews another message than its latest"


def check_deeds(evidence: Evidence) -> Violations:
    """All was answered; what as done was done, what was refused was not."""
    kinds = {row["cmid"]: row["kind"] for row in evidence.final["entries"]}
    for name, kind in KEYED.items():
        for line in evidence.of(name, "ok"):
            if kinds.get(line["key"]) != kind:
                yield "I1", f"{name} {line['key']} was answered as done, and was not"
        for line in evidence.of(name, "fail"):
            if line["key"] in kinds:
                yield "I8", f"{name} {line['key']} was refused, and was done"
        answers = [*evidence.of(name, "ok"), *evidence.of(name, "fail")]
        asked = {line["key"] for line in evidence.of(name, "invoke")}
        for key in asked - {line["key"] for line in answers}:
            yield "I7", f"{name} {key} was never answered"


def check_state(evidence: Evidence) -> Violations:
    """A conversation is what its log made of it, and so is the thumb."""
    for fact in evidence.final["conversations"]:
        conv, status, thumb = fact["conv"], "", ""
        for row in evidence.rows[conv]:
            becomes = BECOMES.get(row["kind"], {})
            if row["kind"] == "rated":
                thumb = row["thumb"]
            elif becomes and row["kind"] != "message" and status not in becomes:
                yield "I16", f"{conv}/{row['seq']}: {row['kind']} while {status}"
            status = becomes.get(status, status)
        if fact["status"] != (status or "new"):
            yield "I16", f"{conv} is {fact['status']}, and {status} by its log"
        if (fact["thumb"], fact["ratings"] or "") != (thumb, thumb):
            yield "I16", f"{conv} is rated {fact['thumb']}, and {thumb} by its log"
