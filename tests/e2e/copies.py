"""A copy by mail for an address that a code proves first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.e2e.manager import Manager
    from tests.e2e.visitor import Visitor


def mail_copy(visitor: Visitor, manager: Manager, *, email: str) -> Locator:
    """Ask for a copy, write the code from the mail, and open the copy."""
    visitor.panel.get_by_label(visitor.says("copy_email")).fill(email)
    visitor.button("copy_send").click()
    code = re.search(r"\b\d{6}\b", manager.opens_mail(email).inner_text())
    assert code
    visitor.panel.get_by_label(visitor.says("code_label")).fill(code[0])
    visitor.button("code_send").click()
    visitor.sees(visitor.says("copy_done", email=email))
    return manager.opens_mail(email, mails=2)
