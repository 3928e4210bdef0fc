"""A web process of a release that is yet to come, as those of today meet it.

It says what it says today and, beside it, what nobody knows yet: more fields in every
frame and bell, bells of other kinds and of another version, frames of other types.
"""

import json
from pathlib import Path
from typing import Any

from chatdesk.realtime.connection import ChatConnection
from chatdesk.realtime.layer import LayerSubscription

LATER = {"later": {"what": ["nobody", "knows"]}}


def grow_newer(path: str) -> None:
    """Be of a later release from now on, if that file is there; nothing for no path."""
    if not path or not Path(path).exists():
        return
    publish, push = LayerSubscription.publish, ChatConnection.push

    def publish_more(self: LayerSubscription, message: dict[str, Any]) -> None:
        publish(self, {"type": "chatdesk.later", "v": 1, **LATER})
        publish(self, {"type": message["type"], "v": 2, **LATER})
        publish(self, {**message, **LATER})

    def push_more(self: ChatConnection, text: str) -> None:
        push(self, json.dumps({"type": "later", **LATER}))
        push(self, json.dumps({**json.loads(text), **LATER}))

    LayerSubscription.publish = publish_more
    ChatConnection.push = push_more
