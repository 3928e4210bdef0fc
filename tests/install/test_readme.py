"""The README's text alone makes a shop in which two people talk."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

from tests.architecture.sources import ROOT
from tests.install.project import Project, build_wheel, start_project
from tests.install.readme import Addition, Command, read_steps
from tests.services.browser import Browser
from tests.services.process import Server, running
from tests.services.socket import Socket
from tests.services.valkey import free_port

SERVER = "python manage.py runserver"
PERSON = {
    "DJANGO_SUPERUSER_USERNAME": "olga",
    "DJANGO_SUPERUSER_PASSWORD": "a long password",
    "DJANGO_SUPERUSER_EMAIL": "olga@shop.example",
}


def test_the_readme_installs_a_chat_that_works(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path / "dist")
    project = start_project(tmp_path, wheel=wheel)
    project.environment.update(PERSON)
    assert follow_the_readme(project), "The README does not say how to start"
    project.run("python manage.py createsuperuser --noinput")
    with serving(project) as site:
        visitor, operator = Browser(site), Browser(site)
        assert "launcher.js" in visitor.get("/")
        with what_the_page_says():
            become_operator(operator)
            asyncio.run(talk(visitor, operator))


def follow_the_readme(project: Project) -> bool:
    """Do every step; return whether the last one starts the server."""
    step = None
    for step in read_steps(ROOT / "README.md"):
        match step:
            case Addition():
                step.write(project.folder)
            case Command(line) if not line.startswith(SERVER):
                project.run(line)
    return step == Command(SERVER)


@contextmanager
def serving(project: Project) -> Iterator[str]:
    """Run the server as the README does, on a free port."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    server = Server(
        name="The project",
        command=["sh", "-c", f"exec {SERVER} --noreload {port}"],
        folder=project.folder,
        environment=project.environment,
    )
    with running(server, is_ready=lambda: answers(site)):
        yield site


@contextmanager
def what_the_page_says() -> Iterator[None]:
    """Add to an error of the server what its page says about it."""
    try:
        yield
    except HTTPError as error:
        error.add_note(error.read().decode(errors="replace")[:2000])
        raise


def answers(site: str) -> bool:
    try:
        Browser(site).get("/")
    except OSError:
        return False
    return True


def become_operator(browser: Browser) -> None:
    """Sign in as the superuser and make oneself an operator, in the admin."""
    browser.submit(
        "/admin/login/",
        username=PERSON["DJANGO_SUPERUSER_USERNAME"],
        password=PERSON["DJANGO_SUPERUSER_PASSWORD"],
        next="/admin/",
    )
    page = browser.submit(
        "/admin/chatdesk/operator/add/",
        user="1",
        name="Olga",
        capacity="5",
        is_active="on",
    )
    assert "errornote" not in page


async def talk(visitor: Browser, operator: Browser) -> None:
    """Ask over HTTP, take and answer; the visitor's socket brings the answer."""
    conversation = visitor.post("visitor/conversations/", {})["id"]
    path = f"conversations/{conversation}"
    visitor.post(f"visitor/{path}/messages/", {"body": {"text": "Is it in stock?"}})
    async with Socket(visitor, "visitor") as socket:
        await socket.follow(conversation)
        await asyncio.to_thread(operator.post, f"operator/{path}/take/", {})
        answer = {"body": {"text": "Yes, two of them."}}
        await asyncio.to_thread(operator.post, f"operator/{path}/messages/", answer)
        await socket.hear_text("Yes, two of them.")
        await socket.send(conversation, "Thanks")
