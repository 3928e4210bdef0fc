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
from django.utils import translation
from django.utils.module_loading import import_string

Scope = dict[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]

POLL = "chatdesk:visitor-events"
PROCESS = "chatdesk.realtime.process.Process"
SOCKETS = {
    "chatdesk:visitor-socket": "chatdesk.realtime.visitor.VisitorConnection",
    "chatdesk:operator-socket": "chatdesk.realtime.operator.OperatorConnection",
}


def wrap(application: Application) -> Application:
    """Return an ASGI application that serves chatdesk's sockets and what it was given.

    ``application`` gets every request, and every socket that is not chatdesk's if it
    is more than Django's own handler, which knows no sockets. This module is imported
    before Django is set up, so what needs models is imported by name here.
    """
    process = import_string(PROCESS)
    sockets = {name: import_string(path).as_asgi() for name, path in SOCKETS.items()}
    others = _refuse if isinstance(application, ASGIHandler) else application
    polls = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chatdesk-poll")
    may_share = not _has_sync_middleware()

    async def route(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan" and isinstance(application, ASGIHandler):
            await _live(process, receive, send)
            return
        process.start()
        name = _name_of(scope)
        if scope["type"] == "websocket":
            await sockets.get(name, others)(scope, receive, send)
        elif name == POLL and may_share:
            # Django keeps a thread for each request until its response ends. Polls
            # wait long and need none, so they share one.
            async with ThreadSensitiveContext(executor=polls):
                await application(scope, receive, send)
        else:
            await application(scope, receive, send)

    return route


def _name_of(scope: Scope) -> str:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    try:
        # An address may begin with a language, which Django resolves only in itself.
        with translation.override(translation.get_language_from_path(path)):
            return resolve(path, host_settings.ROOT_URLCONF).view_name
    except Resolver404:
        return ""


def _has_sync_middleware() -> bool:
    # Middleware that cannot be awaited holds the shared thread for a whole request.
    return not all(
        getattr(import_string(each), "async_capable", False)
        for each in host_settings.MIDDLEWARE
    )


async def _live(process: Any, receive: Any, send: Any) -> None:
    # Django knows no lifespan; by ours, what is due is done before the first visit.
    await receive()
    running = process.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await running.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def _refuse(_scope: Scope, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1000})
