"""How long hypothesis looks: by examples, not by a clock that others slow down."""

from hypothesis import settings

settings.register_profile("chatdesk", deadline=None, database=None, max_examples=60)
settings.load_profile("chatdesk")
