"""Hints that something happened. They may be lost, doubled and late: the log is true."""
