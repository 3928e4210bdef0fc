"""Composes mails: what they say, to whom and in which language. Sends nothing."""
