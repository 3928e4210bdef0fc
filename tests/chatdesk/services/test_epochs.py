"""The lineage of the logs."""

import pytest
from django.core.management import call_command

from chatdesk.models import Epoch
from chatdesk.selectors.epoch import current_epoch
from chatdesk.services.epochs import begin_epoch

pytestmark = pytest.mark.django_db


def test_begin_epoch_makes_the_first_one():
    assert begin_epoch() == current_epoch()


def test_begin_epoch_replaces_the_one_before(capsys):
    before = current_epoch()
    call_command("chatdesk_new_epoch")
    assert current_epoch() != before
    assert Epoch.objects.count() == 1
    assert capsys.readouterr().out
