"""A real Chromium: the machine's own, else Playwright's download, else apt's."""

import os
import shutil
import subprocess
import sys
from functools import cache

from tests.services.process import ServiceFailed

WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def find_chromium() -> str:
    """Return the path of a Chromium that starts, fetching one when there is none."""
    for source in (
        find_on_path,
        find_playwrights,
        download_playwrights,
        install_with_apt,
    ):
        path = source()
        if path and starts(path):
            return path
    message = (
        "No Chromium: none on PATH, Playwright's download failed, and apt-get is not"
        " there or did not help. Install Chromium and run this again."
    )
    raise ServiceFailed(message)


def launch_arguments() -> list[str]:
    """Return what Chromium must be told on machines that run tests."""
    # In a container /dev/shm is small, and root has no sandbox.
    no_sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return ["--disable-dev-shm-usage", *no_sandbox]


def find_on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_playwrights() -> str | None:
    # In a process of its own: Playwright runs once in a process, perhaps already here.
    asked = subprocess.run(
        [sys.executable, "-c", WHERE], check=True, capture_output=True, text=True
    )
    path = asked.stdout.strip()
    return path if os.path.exists(path) else None


def download_playwrights() -> str | None:
    say("No Chromium here: fetching Playwright's, some 170 MB")
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    subprocess.run(command, check=False)
    return find_playwrights()


def install_with_apt() -> str | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    say("Installing Chromium with apt-get")
    subprocess.run([apt, "update", "-qq"], check=False)
    subprocess.run(
        [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    return find_on_path()


def starts(path: str) -> bool:
    """Say whether the program and the libraries that it needs are all there."""
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a download is worth a word
