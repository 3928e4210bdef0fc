"""Which addresses are proven to be a visitor's own."""

from chatdesk.models import ConfirmedAddress, Visitor


def own_address(visitor: Visitor, typed: str = "") -> str:
    """Return the visitor's own address, that of his login or one he confirmed.

    With ``typed``, return that one if it is his, else nothing.
    """
    user = visitor.user
    login = "" if user is None else str(getattr(user, user.get_email_field_name(), ""))
    if not typed:
        return login
    if login and login.lower() == typed.lower():
        return login
    return typed if is_confirmed(visitor_id=visitor.pk, email=typed) else ""


def is_confirmed(*, visitor_id: int, email: str) -> bool:
    """Return whether this visitor proved by a code that he reads this address."""
    rows = ConfirmedAddress.objects.filter(
        visitor_id=visitor_id, email=email.lower(), confirmed_at__isnull=False
    )
    return rows.exists()
