"""A group a room, an insert a message: what most chats on Channels look like.

It is the chat of the Channels tutorial, part 3, behind the tutorial's own stack of
origin check, session and authentication, with the message stored before it is sent on.
Only so that both chats have the same sockets may one join several rooms.
"""

import json
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import re_path

from bench.tutorial.models import Message


class ChatConsumer(AsyncWebsocketConsumer):
    """One socket in the rooms it names."""

    async def connect(self) -> None:
        """Join every room of the address."""
        self.rooms = self.scope["url_route"]["kwargs"]["rooms"].split("-")
        for room in self.rooms:
            await self.channel_layer.group_add(f"chat_{room}", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the rooms."""
        for room in self.rooms:
            await self.channel_layer.group_discard(f"chat_{room}", self.channel_name)

    async def receive(self, text_data: str) -> None:
        """Store a message and send it to its room."""
        said = json.loads(text_data)
        message = await database_sync_to_async(Message.objects.create)(
            room=said["room"], author=said["author"], text=said["text"]
        )
        await self.channel_layer.group_send(
            f"chat_{said['room']}",
            {"type": "chat.message", "id": message.pk, **said},
        )

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Hand a message of a room to the browser."""
        await self.send(text_data=json.dumps(event))


def route(django_application: Any) -> ProtocolTypeRouter:
    """Return the tutorial's ASGI application."""
    rooms = re_path(r"^tutorial/(?P<rooms>[\d-]+)/$", ChatConsumer.as_asgi())
    return ProtocolTypeRouter(
        {
            "http": django_application,
            "websocket": AllowedHostsOriginValidator(
                AuthMiddlewareStack(URLRouter([rooms]))
            ),
        }
    )
