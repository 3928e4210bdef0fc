"""The workspace's page: who gets it, what it carries, what it lets the browser do."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.fixtures import Settings

from chatdesk.models import Operator
from tests.factories import make_operator

pytestmark = pytest.mark.django_db

PAGE = "/chatdesk/console/"


@pytest.fixture
def operator(client: Client) -> Operator:
    """Return an operator who is signed in."""
    operator = make_operator()
    client.force_login(operator.user)
    return operator


def config_of(html: str) -> dict[str, str]:
    """Return what the page tells its script."""
    pattern = r'<script id="chatdesk-config" type="application/json">(.*?)</script>'
    block = re.search(pattern, html, re.DOTALL)
    assert block is not None
    config: dict[str, str] = json.loads(block[1])
    return config


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client) -> None:
    response = client.get(PAGE)

    assert response.status_code == 302
    assert response["Location"] == f"/admin/login/?next={PAGE}"


def test_a_user_who_may_not_answer_is_told_so(client: Client) -> None:
    user = get_user_model().objects.create_user(username="buyer", password="demo")
    client.force_login(user)

    response = client.get(PAGE)

    assert response.status_code == 403
    assert "You may not answer visitors here" in response.content.decode()
    assert "chatdesk-config" not in response.content.decode()


def test_an_operator_without_the_permission_is_told_so(
    client: Client, operator: Operator
) -> None:
    operator.user.user_permissions.clear()

    assert client.get(PAGE).status_code == 403


def test_an_operator_put_out_of_work_is_told_so(
    client: Client, operator: Operator
) -> None:
    operator.is_active = False
    operator.save()

    assert client.get(PAGE).status_code == 403


@pytest.mark.usefixtures("operator")
def test_the_page_tells_its_script_where_everything_is(client: Client) -> None:
    config = config_of(client.get(PAGE).content.decode())

    assert config["root"] == "/chatdesk/"
    assert config["lang"] == "en"
    assert config["strings"] == "/static/chatdesk/console-strings.en.json"
    assert config["login"] == "/admin/login/?next=%2Fchatdesk%2Fconsole%2F"
    assert config["logout"] == "/chatdesk/console/leave/"
    assert config["admin"] == ""
    assert config["csrf"]


def test_staff_get_the_way_to_the_administration(
    client: Client, operator: Operator
) -> None:
    operator.user.is_staff = True
    operator.user.save()

    assert config_of(client.get(PAGE).content.decode())["admin"] == "/admin/"


@pytest.mark.usefixtures("operator")
def test_the_page_speaks_the_reader_s_language(client: Client) -> None:
    response = client.get(PAGE, headers={"accept-language": "ru"})

    html = " ".join(response.content.decode().split())
    assert '<html lang="ru" dir="ltr">' in html
    assert config_of(html)["strings"].endswith("console-strings.ru.json")


@pytest.mark.usefixtures("operator")
def test_the_page_is_never_framed_nor_kept(client: Client) -> None:
    response = client.get(PAGE)

    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("operator")
def test_the_policy_lets_the_page_load_only_its_own(client: Client) -> None:
    policy = client.get(PAGE)["Content-Security-Policy"]

    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["connect-src"] == "'self' ws://testserver"


@pytest.mark.usefixtures("operator")
def test_the_policy_knows_static_files_on_another_host(
    client: Client, settings: Settings
) -> None:
    settings.STATIC_URL = "https://cdn.example/static/"

    policy = client.get(PAGE)["Content-Security-Policy"]

    assert "script-src 'self' https://cdn.example;" in policy
    assert "style-src 'self' https://cdn.example;" in policy


class Inline(HTMLParser):
    """Collects what a strict policy would stop."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note inline styles, handlers and scripts that are no data."""
        given = dict(attrs)
        self.found += [name for name in given if name == "style" or name[:2] == "on"]
        is_data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            self.found.append(tag)


@pytest.mark.usefixtures("operator")
def test_the_page_has_nothing_inline_but_data(client: Client) -> None:
    parser = Inline()

    parser.feed(client.get(PAGE).content.decode())

    assert parser.found == []


@pytest.mark.usefixtures("operator")
def test_leaving_signs_the_operator_out(client: Client) -> None:
    response = client.post("/chatdesk/console/leave/")

    assert response.status_code == 302
    assert client.get(PAGE).status_code == 302


@pytest.mark.usefixtures("operator")
def test_leaving_needs_a_post(client: Client) -> None:
    assert client.get("/chatdesk/console/leave/").status_code == 405


@pytest.mark.usefixtures("operator")
def test_leaving_needs_the_token_of_the_page(operator: Operator) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator.user)

    assert strict.post("/chatdesk/console/leave/").status_code == 403
