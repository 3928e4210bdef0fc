"""Judges a round: reads its history and what is left in the database, nothing else.

Each check returns violations in words and bears the number of its invariant:

I1 what was acknowledged is in the log at that number; I2 once, and every intent is;
I3 nothing else is; I4 numbers are dense and no server shows them otherwise; I5 a tab's
messages stand in the order of writing; I6 a copy was always the beginning of the log;
I7 all copies are equal in the end, and soon; I8 what was refused for good is not there,
and ticks tell what is; I9 nobody reads less than he wrote or saw; I10 presence follows
life; I11 effects are done once; I14 nobody got what is not his; I15 one owner, within
his capacity; I16 facts agree with the log, deeds with their answers; I17 no
message is in a server's own log, and no exception that no fault explains. I13 what
servers hold comes back to where it was.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from tests.faults.dialogs import (
    DEEDS,
    check_deeds,
    check_facts,
    check_owners,
    check_state,
    check_takes,
)
from tests.faults.evidence import Evidence, Violations, delays_after_heal
from tests.faults.final import marks_of
from tests.faults.history import Line
from tests.faults.reducer import render
from tests.faults.resources import left_behind

GHOST_S = 45.0
LATE_EFFECT_S = 60.0


def check_acknowledged(evidence: Evidence) -> Violations:
    for ack in evidence.acks:
        row = evidence.at_seq.get((ack["conv"], ack["seq"]))
        if row is None or (row["cmid"], row["author"]) != (ack["cmid"], ack["author"]):
            yield "I1", f"{ack['cmid']} was acknowledged at {ack['seq']}: not there"


def check_once(evidence: Evidence) -> Violations:
    keys = Counter(
        (row["conv"], row["author"], row["cmid"]) for row in evidence.final["entries"]
    )
    for (conv, author, cmid), count in keys.items():
        if count > 1:
            yield "I2", f"{cmid} of {author} stands {count} times in {conv}"
    for cmid, send in evidence.sends.items():
        is_there = (send["conv"], send["author"], cmid) in keys
        if not is_there and cmid not in evidence.refused:
            yield "I2", f"{cmid} of {send['tab']} was never written: lost"
    for ack in evidence.acks:
        if ack["mismatch"]:
            yield "I2", f"{ack['cmid']} was answered with another message's words"


def check_no_phantom(evidence: Evidence) -> Violations:
    for conv, rows in evidence.rows.items():
        for row in rows:
            is_old = row["seq"] <= evidence.heads_before.get(conv, 0)
            if is_old or row["kind"] not in {"message", "note"}:
                continue
            send = evidence.sends.get(row["cmid"])
            said = send and (send["conv"], send["author"], send["kind"], send["text"])
            if said != (conv, row["author"], row["kind"], row["digest"]):
                yield "I3", f"{conv}/{row['seq']} was written by nobody: phantom"


def check_dense(evidence: Evidence) -> Violations:
    for fact in evidence.final["conversations"]:
        numbers = [row["seq"] for row in evidence.rows[fact["conv"]]]
        if numbers != list(range(1, len(numbers) + 1)):
            yield "I4", f"{fact['conv']} is not numbered 1 to {len(numbers)}"
        if fact["head"] != max(numbers, default=0):
            yield "I4", f"{fact['conv']} says its head is {fact['head']}"


def check_batches(evidence: Evidence) -> Violations:
    """On one connection each batch goes on where the one before, or a hello, ended.

    A hello may be said again before it is answered; each may be answered once.
    """
    position: dict[tuple[str, int, str], int] = {}
    asked: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for line in evidence.history:
        if line["op"] not in {"ask", "batch"}:
            continue
        key = line["tab"], line["link"], line["conv"]
        if line["op"] == "ask":
            asked[key].append(line["cursor"])
            continue
        before = line["first"] - 1
        if position.get(key) == before:
            pass
        elif before in asked[key]:
            del asked[key][: asked[key].index(before) + 1]
        else:
            yield (
                "I4",
                (
                    f"{line['tab']} was sent {line['conv']} {line['first']}.."
                    f"{line['last']} after {position.get(key)}: repeated or skipped"
                ),
            )
        position[key] = line["last"]


def check_order(evidence: Evidence) -> Violations:
    seqs = {(row["conv"], row["cmid"]): row["seq"] for row in evidence.final["entries"]}
    latest: dict[tuple[str, str], tuple[int, int]] = {}
    for cmid, send in evidence.sends.items():
        seq = seqs.get((send["conv"], cmid))
        key = send["tab"], send["conv"]
        if seq is None:
            continue
        number, before = latest.get(key, (0, 0))
        if send["number"] > number and seq < before:
            yield "I5", f"{cmid} of {send['tab']} stands before an earlier one"
        latest[key] = send["number"], seq


def check_prefix(evidence: Evidence) -> Violations:
    cursors: dict[tuple[str, str], int] = {}
    for line in evidence.history:
        if line["op"] == "reload":
            for conv, cursor in line["cursors"].items():
                cursors[line["tab"], conv] = cursor
        elif line["op"] == "reset":
            cursors[line["tab"], line["conv"]] = 0
        elif line["op"] == "apply":
            key = line["tab"], line["conv"]
            if line["first"] != cursors.get(key, 0) + 1:
                yield "I6", f"{line['tab']} applied {line['first']} too soon"
            cursors[key] = line["last"]
            yield from _compare(evidence, line)


def _compare(evidence: Evidence, line: Line) -> Violations:
    is_staff = line["tab"].startswith("o")
    shown = {item[0]: item[1:] for item in line["items"]}
    for seq in range(line["first"], line["last"] + 1):
        row = evidence.at_seq.get((line["conv"], seq))
        where = f"{line['tab']} had {line['conv']}/{seq}"
        if row is None:
            yield "I6", f"{where}, which is not in the log"
        elif row["staff_only"] and not is_staff:
            if seq in shown:
                yield "I14", f"{where}, which is for staff only"
        elif seq not in shown:
            yield "I6", f"{where} without its entry: a hole"
        elif shown[seq] != [row["cmid"], row["shown"], row["digest"]]:
            yield "I6", f"{where} with other words than the log"


def check_convergence(evidence: Evidence) -> Violations:
    # What the shop's own clock says after the drain need not have come to anybody.
    drained: dict[str, int] = {}
    for line in evidence.of("drained"):
        drained = line["heads"]
    for line in evidence.of("final"):
        for conv, (cursor, rendered) in line["copies"].items():
            rows = evidence.rows[conv]
            head = max((row["seq"] for row in rows), default=0)
            if not drained.get(conv, head) <= cursor <= head:
                yield "I7", f"{line['tab']} ended at {cursor} of {head} in {conv}"
                continue
            is_staff = line["tab"].startswith("o")
            seen = [
                {"seq": row["seq"], "author": row["shown"], **_words(row)}
                for row in rows
                if row["seq"] <= cursor and (is_staff or not row["staff_only"])
            ]
            if rendered != render(seen):
                yield "I7", f"{line['tab']} shows {conv} otherwise than the log"
        for cmid in line["unsettled"]:
            yield "I7", f"{line['tab']} still waits for the answer to {cmid}"
    for tab, conv, seconds in delays_after_heal(evidence):
        if seconds > evidence.patience_s:
            yield "I7", f"{tab} had {conv} only {seconds:.1f} s after the last fault"


def _words(row: Line) -> Line:
    return {"kind": row["kind"], "text": row["text"]}


def check_honest(evidence: Evidence) -> Violations:
    written = {row["cmid"] for row in evidence.final["entries"]}
    for cmid in evidence.refused & written:
        yield "I8", f"{cmid} was refused for good and is in the log"
    # Nobody does anything in a round for which he may be refused.
    for line in evidence.of("send", "fail"):
        yield "I8", f"{line['cmid']} was refused for good: {line['code']}"


def check_marks(evidence: Evidence) -> Violations:
    """What is applied and read in the end is marked so, and shown to the other side."""
    marks = marks_of(evidence.final["marks"])
    for line in evidence.of("final"):
        side = "operator" if line["tab"].startswith("o") else "visitor"
        other = "visitor" if side == "operator" else "operator"
        for conv, shown in line["marks"].items():
            kept = marks.get(conv, {})
            cursor = line["copies"][conv][0]
            for name in ("delivered", "read"):
                known = kept.get(f"{side}_{name}", 0)
                if known < cursor:
                    where = f"{line['tab']} at {cursor} of {conv}"
                    yield "I8", f"{where} is {name} up to {known} only"
                theirs = kept.get(f"{other}_{name}", 0)
                if shown[f"{other}_{name}"] != theirs:
                    told = shown[f"{other}_{name}"]
                    where = f"{line['tab']} shows {conv}"
                    yield "I8", f"{where} {name} up to {told}, and it is {theirs}"


def check_sessions(evidence: Evidence) -> Violations:
    """Who asks where a log stands is told no less than he knew when he asked."""
    known: dict[tuple[str, str], int] = defaultdict(int)
    asked: dict[tuple[str, str], tuple[int, int]] = {}
    for line in evidence.history:
        key = line.get("tab", ""), line.get("conv", "")
        if line["op"] == "send" and line["type"] == "ok":
            known[key] = max(known[key], line["seq"])
        elif line["op"] == "apply":
            known[key] = max(known[key], line["last"])
        elif line["op"] == "ask" and asked.get(key, (0, 0))[0] != line["link"]:
            asked[key] = line["link"], known[key]
        elif line["op"] == "synced" and line["seq"] < asked[key][1]:
            told, knew = line["seq"], asked[key][1]
            yield "I9", f"{line['tab']} was told {told} of {key[1]}, and knew {knew}"


def check_presence(evidence: Evidence) -> Violations:
    states = {row["id"]: row for row in evidence.final["operators"]}
    for line in evidence.of("presence"):
        row = states[line["operator"]]
        is_there = row["leases"] > 0 or row["state"] not in {None, "offline"}
        if is_there and not line["is_here"] and line["for_s"] > GHOST_S:
            yield "I10", f"operator {row['id']} is shown {line['for_s']:.0f} s after"
        if line["is_here"] and not is_there and line["for_s"] > GHOST_S:
            yield "I10", f"operator {row['id']} is connected and not shown"


def check_effects(evidence: Evidence) -> Violations:
    mails = Counter(
        each["id"].strip("<>").split("@")[0].replace("-", "")
        for each in evidence.final["mails"]
    )
    for effect in evidence.final["effects"]:
        count = mails.pop(effect["id"], 0)
        name = f"{effect['kind']} {effect['key']}"
        # A process may die between a mail and the note that it was sent.
        allowed = 1 + (effect["attempts"] > 0)
        if count > allowed:
            yield "I11", f"{name} was done {count} times"
        if effect["state"] == "done" and not count:
            yield "I11", f"{name} is called done and never was"
        if effect["state"] == "failed":
            yield "I11", f"{name} failed for good, though the mail server took all"
        if effect["state"] == "due" and effect["late_s"] > LATE_EFFECT_S:
            yield "I11", f"{name} is {effect['late_s']:.0f} s late"
    for unknown in mails:
        yield "I11", f"a mail {unknown} was promised by nobody"
    keys = Counter(effect["key"] for effect in evidence.final["effects"])
    for key, count in keys.items():
        if count > 1:
            yield "I11", f"{key} was promised {count} times"


def check_logs(evidence: Evidence) -> Violations:
    for name in evidence.final["logs"]:
        yield "I17", f"{name} holds words of a message"
    for words in evidence.final["complaints"]:
        yield "I17", f"no fault explains what stands in {words}"


def check_resources(evidence: Evidence) -> Violations:
    before, after = evidence.of("held", "before"), evidence.of("held", "after")
    if before and after:
        for words in left_behind(before[0]["held"], after[-1]["held"]):
            yield "I13", words


CHECKS: tuple[Callable[[Evidence], Violations], ...] = (
    check_acknowledged,
    check_once,
    check_no_phantom,
    check_dense,
    check_batches,
    check_order,
    check_prefix,
    check_convergence,
    check_honest,
    check_marks,
    check_sessions,
    check_presence,
    check_effects,
    check_takes,
    check_owners,
    check_facts,
    check_deeds,
    check_state,
    check_logs,
    check_resources,
)


def judge(evidence: Evidence) -> list[str]:
    """Return every violation in words, each with the number of its invariant."""
    found = [f"{name}: {words}" for check in CHECKS for name, words in check(evidence)]
    return list(dict.fromkeys(found))


def sum_up(evidence: Evidence, violations: list[str]) -> dict[str, Any]:
    """Return the figures of a round."""
    delays = sorted(seconds for _, _, seconds in delays_after_heal(evidence))
    kinds = Counter(line["kind"] for line in evidence.of("fault", "invoke"))
    held = [line["held"] for line in evidence.of("held")]
    deeds = Counter(
        line["op"]
        for line in evidence.history
        if line["op"] in DEEDS and line["type"] == "ok"
    )

    def count(*words: str) -> int:
        return sum(any(word in each for word in words) for each in violations)

    return {
        "messages": len(evidence.sends),
        "deeds": dict(sorted(deeds.items())),
        "acknowledged": len({ack["cmid"] for ack in evidence.acks}),
        "deliveries": sum(len(line["items"]) for line in evidence.of("apply")),
        "faults": dict(sorted(kinds.items())),
        "lost": count("lost", "I1:"),
        "duplicated": sum(each.startswith("I2") for each in violations)
        - count("never written"),
        "reordered": count("I5:"),
        "phantom": count("phantom"),
        "convergence_s": {
            name: round(delays[min(len(delays) - 1, int(len(delays) * part))], 2)
            for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
        }
        if delays
        else {},
        "held": [held[0], held[-1]] if held else [],
        "violations": violations,
    }
