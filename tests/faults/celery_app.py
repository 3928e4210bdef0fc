"""The Celery application of the host that the fault bench breaks."""

from celery import Celery

app = Celery("faults")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
