"""A refusal of one address is told apart from one of the mail or of who sends it."""

import pytest

from chatdesk.senders.refusals import is_about_address


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 no such user here",
        "550 5.1.1 <vera@mail.example>: Recipient address rejected: User unknown",
        "550-5.1.1 The email account that you tried to reach does not exist",
        "553 5.1.3 The recipient address is not a valid RFC 5321 address",
        "550 5.1.10 Recipient not found",
        "550 5.2.1 The mailbox is disabled",
        "550 no such user here",
        "551 User not local",
        "smtp; 550 gone",
        "5.1.1",
    ],
)
def test_it_is_about_the_address(answer):
    assert is_about_address(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.7.1 Message rejected due to content restrictions",
        "554 5.7.1 <vera@mail.example>: Relay access denied",
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated",
        "550 5.1.8 Sender address rejected: domain of sender does not exist",
        "550 5.1.7 Bad sender's mailbox address",
        "552 5.2.2 Mailbox full",
        "552 5.3.4 Message too big",
        "550 SPF check failed",
        "550 Your address is listed at a blocklist",
        "554 Transaction failed",
        "5.7.1",
        "",
    ],
)
def test_it_is_about_the_mail_or_its_sender(answer):
    assert not is_about_address(answer)


def test_a_reports_status_knows_better_than_its_words():
    assert not is_about_address("550 no such user", status="5.7.1")
    assert is_about_address("554 sorry", status="5.1.1")
    assert is_about_address("550 no such user", status="5.0.0")
