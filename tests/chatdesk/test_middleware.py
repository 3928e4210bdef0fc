"""Page views of the shop are watched; what is none, or unwanted, is not."""

import asyncio
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chatdesk import integration
from chatdesk.insight.browser import VISIT_COOKIE
from chatdesk.middleware import VisitMiddleware
from chatdesk.models import ShopEvent, Visit, VisitPage
from chatdesk.services.visits import flush_visits
from chatdesk.shop.pages import chatdesk_page
from tests.settings.default import MIDDLEWARE
from tests.visiting import IPHONE

PAGE = "<html><head><title>Tea &amp; cups</title></head><body></body></html>"


@chatdesk_page("product", ref="slug", title="Kettle")
def product(request, slug):
    return HttpResponse(PAGE)


def search(request):
    integration.searched(request, request.GET["q"], hits=0)
    return HttpResponse(PAGE)


@require_http_methods(["GET", "POST"])
def fill(request):
    request.session["cart"] = 1
    integration.cart_worth(request, total=90, currency="EUR", pieces=1)
    integration.checkout_failed(request, ["postcode"])
    integration.payment_declined(request, "limit")
    integration.sold_out(request, "heron", title="Heron", variant="42")
    return HttpResponse("no page", content_type="text/plain", status=402)


urlpatterns = [
    path("chatdesk/", include("chatdesk.urls")),
    path("", lambda _request: HttpResponse(PAGE)),
    path("product/<slug:slug>/", product),
    path("search/", search),
    path("fill/", fill),
    path("json/", lambda _request: JsonResponse({})),
    path("gone/", lambda _request: HttpResponse(PAGE, status=410)),
    path("stream/", lambda _request: StreamingHttpResponse([PAGE])),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["chatdesk.middleware.VisitMiddleware", *MIDDLEWARE]


@pytest.fixture
def guest() -> Client:
    return Client(headers={"User-Agent": IPHONE})


def flushed() -> list[str]:
    """Write what waits; return the paths of all visits."""
    flush_visits(at=timezone.now())
    return list(VisitPage.objects.order_by("at").values_list("path", flat=True))


def test_a_page_is_seen_with_what_its_view_says(guest):
    guest.get("/product/heron/?token=secret")
    guest.get("/")

    assert flushed() == ["/product/heron/", "/"]
    page, home = VisitPage.objects.order_by("at")
    assert (page.kind, page.ref, page.title) == ("product", "heron", "Kettle")
    assert (home.kind, home.title) == ("", "Tea & cups")


def test_watching_costs_no_query_and_sets_no_cookie(guest, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = guest.get("/product/heron/")

    assert not response.cookies
    assert "Vary" not in response.headers or "Cookie" not in response.headers["Vary"]


@pytest.mark.parametrize(
    "where", ["/json/", "/gone/", "/nowhere/", "/chatdesk/health/"]
)
def test_what_is_no_page_of_the_shop_is_not_seen(guest, where):
    guest.get(where)

    assert flushed() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "Googlebot/2.1"},
        {"User-Agent": ""},
    ],
)
def test_nor_is_what_nobody_looks_at(guest, headers):
    guest.get("/", headers=headers)
    guest.head("/")

    assert flushed() == []


def test_a_streamed_page_is_seen_by_its_path(guest):
    guest.get("/stream/")

    assert flushed() == ["/stream/"]


def test_staff_who_look_at_their_shop_are_no_visitors(rf):
    request = rf.get("/", headers={"User-Agent": IPHONE})
    request.resolver_match = SimpleNamespace(app_names=[])
    request._cached_user = get_user_model()(username="boss", is_staff=True)

    VisitMiddleware(lambda _request: HttpResponse(PAGE))(request)

    assert flushed() == []


def test_what_befalls_a_visitor_is_told_with_his_page(guest):
    guest.get("/search/?q=moka")

    flushed()
    event = ShopEvent.objects.get()
    assert (event.kind, event.words, event.number) == ("found_nothing", "moka", 0)


def test_a_post_tells_what_befell_and_ties_the_new_session(guest):
    guest.get("/")
    guest.post("/fill/")
    guest.get("/product/heron/")

    assert flushed() == ["/", "/product/heron/"]
    visit = Visit.objects.get()
    kinds = set(visit.events.values_list("kind", flat=True))
    assert kinds == {"form_error", "declined", "sold_out"}
    assert (visit.key[0], visit.cart_total, visit.cart_currency) == ("s", 90, "EUR")


@pytest.mark.parametrize("consent", [{}, {"CONSENT_COOKIE": "cookies=all"}])
def test_nothing_is_kept_before_consent_in_strict_mode(guest, settings, consent):
    settings.CHATDESK = {"TRACKING": "strict", **consent}
    guest.cookies["cookies"] = "necessary"

    response = guest.get("/search/?q=moka")

    assert flushed() == []
    assert not Visit.objects.exists()
    assert not response.cookies


def test_after_consent_a_visit_has_a_name_of_its_own(guest, settings):
    settings.CHATDESK = {"TRACKING": "strict", "CONSENT_COOKIE": "cookies=all"}
    guest.cookies["cookies"] = "all"

    first = guest.get("/")
    second = guest.get("/product/heron/")

    cookie = first.cookies[VISIT_COOKIE]
    assert cookie["httponly"]
    assert not cookie["max-age"]
    assert VISIT_COOKIE not in second.cookies
    assert flushed() == ["/", "/product/heron/"]
    assert Visit.objects.get().key.startswith("c")
    assert cookie.value not in str(Visit.objects.values().get())


def test_an_empty_cookie_is_no_name_and_takes_no_other_visit_with_it(guest):
    other = Client(headers={"User-Agent": IPHONE})
    guest.cookies[VISIT_COOKIE] = ""

    guest.get("/")
    other.get("/product/heron/")

    assert flushed() == ["/", "/product/heron/"]


def test_who_consented_with_an_empty_cookie_gets_a_name(guest, settings):
    settings.CHATDESK = {"TRACKING": "strict", "CONSENT_COOKIE": "cookies=all"}
    guest.cookies["cookies"], guest.cookies[VISIT_COOKIE] = "all", ""

    assert guest.get("/").cookies[VISIT_COOKIE].value


@pytest.mark.parametrize(
    ("answer", "seen"), [(True, ["/"]), (None, ["/"]), (False, [])]
)
def test_the_shops_own_function_may_say(guest, settings, monkeypatch, answer, seen):
    monkeypatch.setattr(
        "chatdesk.insight.consent._function", lambda _path: lambda _request: answer
    )
    settings.CHATDESK = {"CONSENT": "shop.privacy.has_consent"}
    guest.get("/")

    assert flushed() == seen


def test_a_function_that_fails_is_no_consent_and_no_error(guest, settings, caplog):
    settings.CHATDESK = {"CONSENT": "nowhere.at.all"}

    assert guest.get("/").status_code == 200
    assert flushed() == []
    assert "consent function failed" in caplog.text


def test_a_shop_that_watches_nothing_keeps_nothing(guest, settings):
    settings.CHATDESK = {"TRACKING": "off"}
    guest.get("/search/?q=moka")

    assert flushed() == []


def test_a_page_is_served_even_when_watching_fails(guest, monkeypatch, caplog):
    def fail(*_args):
        raise RuntimeError("broken")

    monkeypatch.setattr("chatdesk.middleware.read_browser", fail)

    assert guest.get("/").status_code == 200
    assert "could not be noted" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_an_async_host_is_watched_too():
    async def look() -> int:
        headers = {"User-Agent": IPHONE}
        response = await AsyncClient().get("/product/heron/", headers=headers)
        return response.status_code

    assert asyncio.run(look()) == 200
    assert flushed() == ["/product/heron/"]
