"""A server's application that says by which way each text came."""

from typing import Any

from chatdesk.realtime.framing import text_frame
from chatdesk.realtime.shortcut import find_shortcut


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Echo texts; a text that says ``long`` is left to the server."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    shortcut = find_shortcut(receive, send)

    def take(data: bytes) -> bool:
        if b"long" in data or shortcut is None or not shortcut.is_clear:
            return False
        return shortcut.write(text_frame(f"short way: {data.decode()}"))

    if shortcut is not None:
        shortcut.divert(take)
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        said = message.get("text") or f"{len(message['bytes'])} bytes"
        await send({"type": "websocket.send", "text": f"long way: {said}"})
