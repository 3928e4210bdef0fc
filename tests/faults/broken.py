"""Builds that are broken on purpose, to see that the checker catches each."""


def apply_broken(name: str) -> None:
    """Break the running process as named; nothing for no name."""
    if name:
        raise ValueError(name)
