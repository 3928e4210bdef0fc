"""Reads. Fetching is the permission check: the row comes back, or ``NotFound``."""
