"""Socket routes, and the ASGI application that a host wraps around its own.

The one line in a shop's ``asgi.py`` is ``application = wrap(get_asgi_application())``.
"""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.conf import settings as host_settings
from django.core.handlers.asgi import ASGIHandler
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

from chatdesk.realtime.operator import OperatorConnection
from chatdesk.realtime.process import Process
from chatdesk.realtime.visitor import VisitorConnection

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

POLL = "chatdesk:visitor-events"

_sockets: dict[str, Application] = {
    "chatdesk:visitor-socket": VisitorConnection.as_asgi(),
    "chatdesk:operator-socket": OperatorConnection.as_asgi(),
}


def wrap(application: Application) -> Application:
    """Return an ASGI application that serves chatdesk's sockets and what it was given.

    ``application`` gets every request, and every socket that is not chatdesk's if it
    is more than Django's own handler, which knows no sockets.
    """
    polls = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chatdesk-poll")
    may_share = not _has_sync_middleware()

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await application(scope, receive, send)
            return
        await Process.running()
        name = _name_of(scope)
        if scope["type"] == "websocket":
            await _route_socket(name, application)(scope, receive, send)
        elif name == POLL and may_share:
            # Django keeps a thread for each request until its response ends. Polls
            # wait long and need none, so they share one.
            async with ThreadSensitiveContext(executor=polls):
                await application(scope, receive, send)
        else:
            await application(scope, receive, send)

    return route


def _route_socket(name: str, application: Application) -> Application:
    if name in _sockets:
        return _sockets[name]
    return _refuse if isinstance(application, ASGIHandler) else application


def _name_of(scope: Scope) -> str:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    try:
        return resolve(path, getattr(host_settings, "ROOT_URLCONF", None)).view_name
    except Resolver404:
        return ""


def _has_sync_middleware() -> bool:
    # Middleware that cannot be awaited holds the shared thread for a whole request.
    return not all(
        getattr(import_string(each), "async_capable", False)
        for each in host_settings.MIDDLEWARE
    )


async def _refuse(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1000})
