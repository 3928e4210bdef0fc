"""The one ASGI line of a shop: our sockets wherever it put them, all else untouched."""

import asyncio
import threading

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import HttpCommunicator, WebsocketCommunicator
from django.conf.urls.i18n import i18n_patterns
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.urls import include, path

from chatdesk import routing
from chatdesk.realtime.process import Process

pytestmark = [pytest.mark.django_db(transaction=True)]

HEADERS = [(b"host", b"testserver"), (b"origin", b"http://testserver")]
POLL = "/chatdesk/api/v1/visitor/conversations/" + "0" * 32 + "/events/"


class SupportDesk:
    """A URLconf that puts chatdesk somewhere deep."""

    urlpatterns = [
        path("<slug:shop>/support/", include("chatdesk.urls")),
        path("page/", lambda _request: HttpResponse("a page of the shop")),
    ]


class Languages:
    """A URLconf whose addresses begin with a language."""

    urlpatterns = i18n_patterns(path("chat/", include("chatdesk.urls")))


class LanguagesButTheDefault:
    """As above, but the default language has no prefix."""

    urlpatterns = i18n_patterns(
        path("chat/", include("chatdesk.urls")), prefix_default_language=False
    )


class Inner:
    """An application that knows sockets of its own and notes what it is given."""

    def __init__(self):
        self.scopes = []
        self.threads = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        await receive()
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept", "subprotocol": "inner"})
        else:
            thread = await sync_to_async(threading.current_thread)()
            self.threads.append(thread.name)
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"inner"})


@pytest_asyncio.fixture(autouse=True)
async def process():
    running = await Process.running()
    yield running
    await running.stop()


async def open_socket(address, application=None, **scope):
    """Return whether a socket was accepted, and the code or protocol it got."""
    application = application or routing.wrap(get_asgi_application())
    socket = WebsocketCommunicator(application, address, HEADERS)
    socket.scope.update(scope)
    answer = await socket.connect(timeout=5)
    await socket.disconnect()
    return answer


async def is_ours(address, **scope):
    """Return whether chatdesk answers at this address, if only that it knows nobody."""
    application = routing.wrap(get_asgi_application())
    socket = WebsocketCommunicator(application, address, HEADERS)
    socket.scope.update(scope)
    accepted, _ = await socket.connect(timeout=5)
    said = accepted and (await socket.receive_json_from(timeout=5))["code"]
    await socket.disconnect()
    return said == 4401


@pytest.mark.parametrize("side", ["visitor", "operator"])
async def test_sockets_are_where_the_shop_included_our_addresses(settings, side):
    assert await is_ours(f"/chatdesk/ws/{side}/")

    settings.ROOT_URLCONF = SupportDesk

    assert await is_ours(f"/kettles/support/ws/{side}/")
    assert not await is_ours(f"/chatdesk/ws/{side}/")


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_sockets_are_found_behind_any_language_of_the_shop(settings, language):
    settings.ROOT_URLCONF = Languages

    assert await is_ours(f"/{language}/chat/ws/visitor/")


@pytest.mark.parametrize("address", ["/chat/ws/visitor/", "/ru/chat/ws/visitor/"])
async def test_the_default_language_may_have_no_prefix(settings, address):
    settings.ROOT_URLCONF = LanguagesButTheDefault

    assert await is_ours(address)


async def test_a_language_the_shop_does_not_speak_leads_nowhere(settings):
    settings.ROOT_URLCONF = Languages

    assert await open_socket("/fr/chat/ws/visitor/") == (False, 1000)


async def test_sockets_are_found_below_the_root_of_a_mounted_site():
    assert await is_ours("/shop/chatdesk/ws/visitor/", root_path="/shop")


@pytest.mark.parametrize(
    "address", ["/", "/ws/visitor/", "/chatdesk/ws/", "/chatdesk/ws/visitor", "/page/"]
)
async def test_a_socket_that_nobody_serves_is_refused(address):
    assert await open_socket(address) == (False, 1000)


async def test_sockets_of_the_shop_go_to_the_shop():
    inner = Inner()
    application = routing.wrap(inner)

    assert await open_socket("/shop/live/", application) == (True, "inner")
    assert await open_socket("/chatdesk/ws/visitor/", application) == (True, None)
    assert [scope["path"] for scope in inner.scopes] == ["/shop/live/"]


async def test_pages_go_to_the_shop_as_they_came():
    inner = Inner()
    request = HttpCommunicator(
        routing.wrap(inner), "GET", "/page/?a=b", headers=HEADERS
    )

    response = await request.get_response(timeout=5)

    assert (response["status"], response["body"]) == (200, b"inner")
    assert inner.scopes[0]["query_string"] == b"a=b"


async def test_plain_requests_to_a_socket_are_told_to_upgrade(async_client):
    response = await async_client.get("/chatdesk/ws/visitor/")

    assert (response.status_code, response["Upgrade"]) == (426, "websocket")


async def ask(application, address):
    request = HttpCommunicator(application, "GET", address, headers=HEADERS)
    await request.get_response(timeout=5)


async def test_polls_share_one_thread_of_their_own():
    inner = Inner()
    application = routing.wrap(inner)

    await asyncio.gather(*(ask(application, POLL) for _ in range(8)))
    await ask(application, "/page/")

    assert set(inner.threads[:8]) == {"chatdesk-poll_0"}
    assert inner.threads[8] != "chatdesk-poll_0"


def sync_middleware(get_response):
    """Middleware that cannot be awaited, as many a shop has."""
    return get_response


async def test_polls_share_no_thread_where_middleware_would_hold_it(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.sync_middleware"]
    inner = Inner()

    await ask(routing.wrap(inner), POLL)

    assert inner.threads != ["chatdesk-poll_0"]


async def test_the_process_starts_and_ends_with_the_server():
    said, answered = asyncio.Queue(), asyncio.Queue()
    life = asyncio.create_task(
        routing.wrap(get_asgi_application())(
            {"type": "lifespan"}, said.get, answered.put
        )
    )

    await said.put({"type": "lifespan.startup"})
    started = await answered.get()
    await said.put({"type": "lifespan.shutdown"})
    ended = await answered.get()
    await life

    assert (started["type"], ended["type"]) == (
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    )
