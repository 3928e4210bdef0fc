"""What managers see inside Django's admin. Importing a module registers its pages."""

from chatdesk.admin import (
    canned,
    departments,
    dialogs,
    effects,
    letters,
    operators,
    regulation,
    sales,
    shifts,
    storefronts,
)

__all__ = [
    "canned",
    "departments",
    "dialogs",
    "effects",
    "letters",
    "operators",
    "regulation",
    "sales",
    "shifts",
    "storefronts",
]
