"""A tiny shop that shares nothing with the demo: see ``tests.settings.corner``."""
