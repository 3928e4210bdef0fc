"""The real servers that tests talk to: PostgreSQL, Valkey, SMTP, Chromium.

Each is found on this machine or fetched; none is ever replaced by an imitation and
none is skipped in silence.
"""
