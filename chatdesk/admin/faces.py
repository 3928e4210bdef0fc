"""The face of an operator: his own photo, or initials until there is one."""

from dataclasses import dataclass

from chatdesk.models import Operator

HUES = 6


@dataclass(frozen=True, slots=True)
class Face:
    """What stands for an operator; without a photo, ``hue`` colours the initials."""

    name: str
    photo: str
    initials: str
    hue: int


def face_of(operator: Operator) -> Face:
    """Return the operator's face."""
    name = operator.name
    return Face(
        name=name,
        photo=operator.photo.url if operator.photo else "",
        initials=_initials(name),
        hue=sum(map(ord, name)) % HUES + 1,
    )


def _initials(name: str) -> str:
    words = name.split()
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in ends).upper()
