"""The shop as chatdesk sees it: what it may be asked and what it answers."""
