"""Sockets: they translate, follow the log from a cursor, and hold no rule."""
