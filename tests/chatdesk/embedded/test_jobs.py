"""Celery inside the process: the host's own application, on a broker in memory."""

import pytest
from celery import Celery
from celery.app import app_or_default

from chatdesk.embedded import jobs
from chatdesk.schedule import beat_schedule


@pytest.fixture
def current(monkeypatch):
    """Let the host have a Celery application, or none."""

    def set_current(app):
        monkeypatch.setattr(jobs, "app_or_default", lambda: app)
        return app

    before = app_or_default()
    yield set_current
    before.set_current()


@pytest.fixture
def no_host(current):
    return current(Celery("default", set_as_current=False))


@pytest.fixture
def shop(current):
    app = Celery("shop", set_as_current=False, broker="redis://elsewhere")
    app.conf.beat_schedule = {"nightly": {"task": "shop.tidy", "schedule": 86400}}
    return current(app)


def test_the_host_keeps_its_application_and_its_schedule(shop):
    app = jobs._application()
    assert app is shop
    assert set(app.conf.beat_schedule) == {"nightly", *beat_schedule()}


def test_the_broker_is_always_our_own(shop):
    jobs._application()
    assert shop.conf.broker_url == "memory://localhost"


def test_a_host_without_celery_gets_an_application_with_our_tasks(no_host):
    app = jobs._application()
    app.loader.import_default_modules()
    assert app.main == "chatdesk"
    assert {"chatdesk.drain", "chatdesk.sweep"} <= set(app.tasks)


def test_every_job_of_the_schedule_is_a_task(no_host):
    app = jobs._application()
    app.loader.import_default_modules()
    assert {job["task"] for job in beat_schedule().values()} <= set(app.tasks)


def test_jobs_of_the_schedule_go_stale():
    """So a worker that was away does not work through a queue of old ticks."""
    for job in beat_schedule().values():
        assert job["options"]["expires"] <= 2 * job["schedule"]
