"""Reading the mails of the demo, and nothing else of the machine."""

import os
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.test import Client
from pytest_django.fixtures import Settings

from shop_demo.outbox import find_mail, list_mails

HOSTILE = """<html><head></head><body onload="alert(1)">
<script>alert(2)</script><img src="https://tracker.example/x.png"><p>Hello</p>
<a href="https://shop.example/rate/">rate</a></body></html>"""


def only_file(folder: Path) -> str:
    (path,) = folder.iterdir()
    return path.name


def test_outbox_without_mails_says_so(client: Client, outbox_folder: Path) -> None:
    assert "No mail yet" in client.get("/outbox/").content.decode()


def test_outbox_lists_mails_newest_first(client: Client, outbox_folder: Path) -> None:
    for subject, date in (
        ("Older", "Mon, 02 Nov 2026 10:00:00 +0000"),
        ("Newer", "Tue, 03 Nov 2026 10:00:00 +0000"),
    ):
        EmailMultiAlternatives(
            subject, "text", to=["a@example.com"], headers={"Date": date}
        ).send()
    page = client.get("/outbox/").content.decode()
    assert page.index("Newer") < page.index("Older")


def test_several_mails_of_one_file_are_told_apart(outbox_folder: Path) -> None:
    with_connection = EmailMultiAlternatives("One", "1", to=["a@example.com"])
    connection = with_connection.get_connection()
    connection.send_messages(
        [
            with_connection,
            EmailMultiAlternatives("Two", "2", to=["b@example.com"]),
        ]
    )
    assert sorted(mail.subject for mail in list_mails()) == ["One", "Two"]
    assert {mail.index for mail in list_mails()} == {0, 1}


def test_mail_shows_headers_text_and_html(client: Client, outbox_folder: Path) -> None:
    message = EmailMultiAlternatives("Привет", "Текст", to=["a@example.com"])
    message.attach_alternative("<p>Разметка</p>", "text/html")
    message.send()
    page = client.get(f"/outbox/{only_file(outbox_folder)}/0/").content.decode()
    assert "<h1>Привет</h1>" in page
    assert "Текст" in page
    assert "&lt;p&gt;Разметка&lt;/p&gt;" in page
    assert "multipart/alternative" in page


def test_html_of_a_mail_can_do_nothing(client: Client, outbox_folder: Path) -> None:
    send_mail("<b>x</b>", "<i>y</i>", None, ["a@example.com"], html_message=HOSTILE)
    page = client.get(f"/outbox/{only_file(outbox_folder)}/0/").content.decode()
    assert "<script>alert(2)" not in page
    assert "<b>x</b>" not in page
    assert "<i>y</i>" not in page
    frame = page[page.index("<iframe") : page.index("</iframe>")]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "default-src &#x27;none&#x27;; img-src data:" in frame
    assert frame.index("Content-Security-Policy") < frame.index("tracker.example")


def test_pictures_inside_a_mail_are_shown(outbox_folder: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "With a picture"
    message.set_content("text")
    message.add_alternative('<img src="cid:kettle">', subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(b"png", "image", "png", cid="<kettle>")  # type: ignore[union-attr]
    outbox_folder.mkdir()
    name = "20261122-101010-1.log"
    (outbox_folder / name).write_bytes(message.as_bytes())
    mail = find_mail(file=name, index=0)
    assert mail
    assert 'src="data:image/png;base64,cG5n"' in mail.html


@pytest.mark.parametrize(
    "path",
    [
        "/outbox/../../etc/passwd/0/",
        "/outbox/..%2F..%2Fetc%2Fpasswd/0/",
        "/outbox/%2Fetc%2Fpasswd/0/",
        "/outbox/secret.log/0/",
        "/outbox/20261122-101010-2.log/0/",
        "/outbox/20261122-101010-3.log/0/",
        "/outbox/20261122-101010-1.log/1/",
        "/outbox/20261122-101010-1.log/-1/",
        "/outbox/20261122-101010-1.log%00/0/",
        "/outbox/20261122-101010-1.log%0A/0/",
    ],
)
def test_outbox_reads_nothing_but_its_mails(
    client: Client, outbox_folder: Path, tmp_path: Path, path: str
) -> None:
    outbox_folder.mkdir()
    secret = tmp_path / "secret.log"
    secret.write_text("Subject: hidden words\n")
    (outbox_folder / "secret.log").write_text("Subject: hidden words\n")
    (outbox_folder / "20261122-101010-2.log").symlink_to(secret)
    (outbox_folder / "20261122-101010-3.log").mkdir()
    (outbox_folder / "20261122-101010-1.log").write_text("Subject: mail\n\nmail")
    assert client.get("/outbox/20261122-101010-1.log/0/").status_code == 200
    response = client.get(path)
    assert response.status_code == 404
    assert b"hidden words" not in response.content
    assert [mail.subject for mail in list_mails()] == ["mail"]


def test_broken_files_do_not_break_the_list(
    client: Client, outbox_folder: Path
) -> None:
    outbox_folder.mkdir()
    for number, content in enumerate((b"", b"\xff\xfe\0\0", os.urandom(500))):
        (outbox_folder / f"20261122-101010-{number}.log").write_bytes(content)
    assert client.get("/outbox/").status_code == 200


def test_outbox_is_shut_without_debug(
    client: Client, outbox_folder: Path, settings: Settings
) -> None:
    settings.DEBUG = False
    assert client.get("/outbox/").status_code == 404
    assert client.get("/outbox/20261122-101010-1.log/0/").status_code == 404


def test_outbox_is_shut_when_mail_really_leaves(
    client: Client, outbox_folder: Path, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert client.get("/outbox/").status_code == 404
