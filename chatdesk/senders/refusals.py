"""What a mail server's refusal is about: this address, or the mail and who sends it.

The second and third number of RFC 3463 say it. Only what is about the address alone is
remembered for it: a shop whose own server is on a list for an hour would otherwise have
no reachable customer for a month.
"""

import re

_CODE = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
_PLAIN = re.compile(r"\A\s*(?:smtp;\s*)?(?:550|551|553)\b")
# Of the addresses of class 1 these two are the sender's; of the mailboxes of class 2
# only one that is switched off stays so.
_SENDERS = frozenset({"7", "8"})
_SWITCHED_OFF = "1"
# Servers without such codes, and those that call a policy a missing mailbox.
_OF_POLICY = re.compile(
    r"spam|polic|block|black|reputation|relay|denied|sender|spf|dkim|dmarc|"
    r"authenti|reject(?:ed)? due|content|virus|rate|limit|listed|dns",
    re.I,
)


def is_about_address(answer: str, *, status: str = "") -> bool:
    """Tell whether a final answer says that just this address takes no mail.

    ``status`` is that of a delivery report, which knows better than its words.
    """
    codes = (found.groups() for found in _CODE.finditer(f"{status} {answer}"))
    subject, detail = next((each for each in codes if each[0] != "0"), ("", ""))
    if not subject:
        return bool(_PLAIN.search(answer)) and not _OF_POLICY.search(answer)
    if subject == "1":
        return detail not in _SENDERS
    return subject == "2" and detail == _SWITCHED_OFF
