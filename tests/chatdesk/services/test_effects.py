"""Effects: promised once, claimed by one, settled, tried again or given up."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chatdesk.models import Effect
from chatdesk.services.effects import (
    CLAIM,
    Kind,
    Promise,
    claim_due,
    drop_effect,
    fail_effect,
    pause_after,
    promise_effects,
    release_expired_claims,
    retry_effects,
    settle_effect,
)
from tests.factories import NOON, make_conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def conversation():
    conversation = make_conversation(at=NOON)
    Effect.objects.all().delete()  # the alert that its question promised
    return conversation


def promise(conversation, key="a", **changes):
    fields = {
        "kind": Kind.TRANSCRIPT_MAIL,
        "conversation_id": conversation.pk,
        "key": key,
        "due_at": NOON,
        "target": "visitor@mail.example",
    }
    return Promise(**{**fields, **changes})


def promised(conversation, key="a", **changes):
    promise_effects([promise(conversation, key, **changes)], at=NOON)
    return Effect.objects.get(key=key)


def claimed(conversation, key="a"):
    promised(conversation, key)
    (effect,) = claim_due(at=NOON, limit=1)
    return effect


def test_promise_effects_writes_any_number_with_one_statement(conversation):
    promises = [promise(conversation, f"key {number}") for number in range(20)]
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        promise_effects(promises, at=NOON)
    inserts = [query for query in queries if "INSERT" in query["sql"]]
    assert len(inserts) == 1
    assert Effect.objects.count() == 20


def test_promise_effects_says_nothing_to_the_database_without_promises(conversation):
    with CaptureQueriesContext(connection) as queries:
        promise_effects([], at=NOON)
    assert len(queries) == 0


def test_promise_effects_keeps_what_was_promised_for_a_known_key(conversation):
    first = promised(conversation)
    settled = claim_due(at=NOON, limit=1)[0]
    settle_effect(settled, at=NOON)
    promise_effects(
        [
            promise(conversation, target="other@mail.example"),
            promise(conversation, "b"),
        ],
        at=NOON,
    )
    assert Effect.objects.get(key="a").public_id == first.public_id
    assert Effect.objects.get(key="a").state == Effect.State.DONE
    assert Effect.objects.get(key="a").target == "visitor@mail.example"
    assert Effect.objects.count() == 2


def test_promise_effects_leaves_nothing_when_its_cause_is_rolled_back(conversation):
    with transaction.atomic():
        promise_effects([promise(conversation)], at=NOON)
        transaction.set_rollback(True)
    assert not Effect.objects.exists()


def test_claim_due_takes_the_longest_due_first_and_nothing_early(conversation):
    promised(conversation, "late", due_at=NOON)
    promised(conversation, "later", due_at=NOON + timedelta(seconds=1))
    promised(conversation, "early", due_at=NOON - timedelta(seconds=1))
    assert [each.key for each in claim_due(at=NOON, limit=9)] == ["early", "late"]


def test_claim_due_takes_no_more_than_its_limit(conversation):
    for key in "abc":
        promised(conversation, key)
    assert len(claim_due(at=NOON, limit=2)) == 2
    assert len(claim_due(at=NOON, limit=2)) == 1


def test_claim_due_asks_one_question_when_nothing_is_due(conversation):
    promised(conversation, due_at=NOON + timedelta(hours=1))
    with CaptureQueriesContext(connection) as queries:
        assert claim_due(at=NOON, limit=1) == []
    assert len(queries) == 1


def test_claim_due_takes_its_lock_with_the_first_statement(conversation):
    promised(conversation)
    with CaptureQueriesContext(connection) as queries:
        claim_due(at=NOON, limit=1)
    said = [query["sql"] for query in queries]
    first = said[[sql.startswith("BEGIN") for sql in said].index(True) + 1]
    if connection.vendor == "sqlite":
        assert first.startswith("UPDATE")
    else:
        assert "SKIP LOCKED" in first


def test_claim_due_gives_one_effect_to_one_of_many_claimers(conversation):
    for number in range(12):
        promised(conversation, f"key {number}")
    keys: list[str] = []
    begin = threading.Barrier(4)

    def work():
        begin.wait()
        for _ in range(12):
            keys.extend(each.key for each in claim_due(at=NOON, limit=1))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(keys) == sorted(f"key {number}" for number in range(12))


def test_settle_effect_says_when_and_ends_the_claim(conversation):
    effect = claimed(conversation)
    assert settle_effect(effect, at=NOON + timedelta(seconds=3))
    effect.refresh_from_db()
    assert effect.state == Effect.State.DONE
    assert effect.settled_at == NOON + timedelta(seconds=3)
    assert effect.claimed_until is None


def test_settle_effect_leaves_a_claim_that_somebody_else_holds_now(conversation):
    slow = claimed(conversation)
    release_expired_claims(at=NOON + CLAIM)
    (quick,) = claim_due(at=NOON + CLAIM, limit=1)
    assert not settle_effect(slow, at=NOON + CLAIM)
    quick.refresh_from_db()
    assert quick.state == Effect.State.CLAIMED


def test_drop_effect_keeps_the_reason(conversation):
    effect = claimed(conversation)
    assert drop_effect(effect, reason="answered", at=NOON)
    effect.refresh_from_db()
    assert (effect.state, effect.error) == (Effect.State.CANCELLED, "answered")


def test_fail_effect_tries_again_with_growing_pauses_and_then_gives_up(
    conversation, settings
):
    settings.CHATDESK = {"EFFECT_ATTEMPTS": 4}
    promised(conversation)
    at, pauses = NOON, []
    for _ in range(3):
        (effect,) = claim_due(at=at, limit=1)
        fail_effect(effect, error="451 later", at=at)
        effect.refresh_from_db()
        pauses.append((effect.due_at - at).total_seconds())
        at = effect.due_at
    (effect,) = claim_due(at=at, limit=1)
    fail_effect(effect, error="550 never", at=at)
    effect.refresh_from_db()
    assert pauses == [60, 120, 240]
    assert (effect.state, effect.attempts) == (Effect.State.FAILED, 4)
    assert (effect.error, effect.settled_at) == ("550 never", at)
    assert claim_due(at=at + timedelta(days=9), limit=1) == []


def test_pause_after_never_exceeds_six_hours():
    assert pause_after(9) == timedelta(minutes=256)
    assert pause_after(10) == timedelta(hours=6)
    assert pause_after(60_000) == timedelta(hours=6)


def test_fail_effect_keeps_a_short_printable_part_of_any_answer(conversation):
    effect = claimed(conversation)
    fail_effect(effect, error="\0\x1b[31m" + "x" * 1000, at=NOON)
    effect.refresh_from_db()
    assert len(effect.error) == 300
    assert effect.error.isprintable()


def test_release_expired_claims_makes_them_due_and_counts_the_try(conversation):
    effect = claimed(conversation)
    assert release_expired_claims(at=NOON + CLAIM - timedelta(seconds=1)) == 0
    assert release_expired_claims(at=NOON + CLAIM) == 1
    effect.refresh_from_db()
    assert (effect.state, effect.attempts) == (Effect.State.DUE, 1)
    assert effect.due_at == NOON + CLAIM
    assert effect.error


def test_release_expired_claims_gives_up_what_always_ends_its_worker(
    conversation, settings
):
    settings.CHATDESK = {"EFFECT_ATTEMPTS": 2}
    promised(conversation)
    at = NOON
    for _ in range(2):
        assert len(claim_due(at=at, limit=1)) == 1
        at += CLAIM
        release_expired_claims(at=at)
    effect = Effect.objects.get()
    assert (effect.state, effect.attempts) == (Effect.State.FAILED, 2)


def test_retry_effects_gives_all_tries_to_failed_ones_only(conversation, settings):
    settings.CHATDESK = {"EFFECT_ATTEMPTS": 1}
    failed = claimed(conversation, "failed")
    fail_effect(failed, error="550", at=NOON)
    done = claimed(conversation, "done")
    settle_effect(done, at=NOON)
    later = NOON + timedelta(days=1)
    assert retry_effects(effect_ids=[failed.pk, done.pk], at=later) == 1
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error) == (Effect.State.DUE, 0, "")
    assert failed.due_at == later
