"""Whether sessions of the shop still stand, asked for many of them at once."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.models import Session
from django.utils import timezone

from chatdesk.selectors.logins import (
    are_backends_plain,
    is_login_of,
    read_sessions,
    user_id_of_session,
)
from chatdesk.selectors.operators import get_operator_for_user, list_signed_in
from tests.factories import make_operator
from tests.sockets import session_of

pytestmark = pytest.mark.django_db

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class StrictBackend(ModelBackend):
    """A host's own: nobody called Mallory, whatever the rows say."""

    def get_user(self, user_id):
        user = super().get_user(user_id)
        return None if user is None or user.first_name == "Mallory" else user


class MailBackend(ModelBackend):
    """A host's own: signs in by another name, and decides nothing else."""

    def authenticate(self, request, **credentials):
        return None


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create_user("ann", password="demo")


def sign_in(user, *, backend=MODEL_BACKEND, engine=None):
    """Return the key of a session in which the user is signed in."""
    session = engine.SessionStore() if engine else Session.get_session_store_class()()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


@pytest.mark.parametrize("kind", ["db", "cache", "cached_db", "file"])
def test_every_kind_of_session_is_read(kind, ann, settings, tmp_path):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{kind}"
    settings.SESSION_FILE_PATH = str(tmp_path)
    key = sign_in(ann, engine=import_module(settings.SESSION_ENGINE))

    sessions = read_sessions([key, "x" * 32, ""])

    assert is_login_of(sessions[key], ann)
    assert user_id_of_session(key) == ann.pk
    assert not is_login_of(sessions.get("x" * 32), ann)
    assert not is_login_of(sessions.get(""), ann)


def test_many_sessions_cost_one_query(ann, django_assert_num_queries):
    keys = [sign_in(ann) for _ in range(5)]

    with django_assert_num_queries(1):
        assert len(read_sessions(keys)) == 5
    with django_assert_num_queries(0):
        assert read_sessions(["", ""]) == {}


def test_a_session_that_ran_out_is_none(ann):
    key = sign_in(ann)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert read_sessions([key]) == {}
    assert user_id_of_session(key) is None


def test_the_login_of_somebody_else_is_not_his(ann, django_user_model):
    bob = django_user_model.objects.create_user("bob", password="demo")
    session = read_sessions([key := sign_in(ann)])[key]

    assert is_login_of(session, ann)
    assert not is_login_of(session, bob)


def test_a_new_password_ends_a_login(ann):
    session = read_sessions([key := sign_in(ann)])[key]
    ann.set_password("another")

    assert not is_login_of(session, ann)


def test_a_new_secret_key_ends_no_login_while_the_old_one_counts(ann, settings):
    session = read_sessions([key := sign_in(ann)])[key]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert is_login_of(session, ann)


def test_a_user_who_may_not_sign_in_has_no_login(ann):
    session = read_sessions([key := sign_in(ann)])[key]
    ann.is_active = False

    assert not is_login_of(session, ann)


def test_a_way_of_signing_in_that_is_gone_ends_its_logins(ann, settings):
    session = read_sessions([key := sign_in(ann)])[key]
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.StrictBackend"]

    assert not is_login_of(session, ann)


def test_a_backend_with_rules_of_its_own_is_asked(ann, settings):
    name = f"{__name__}.StrictBackend"
    settings.AUTHENTICATION_BACKENDS = [name]
    session = read_sessions([key := sign_in(ann, backend=name)])[key]

    assert is_login_of(session, ann)
    ann.first_name = "Mallory"
    ann.save()
    assert not is_login_of(session, ann)


@pytest.mark.parametrize(
    ("names", "plain"),
    [
        ([MODEL_BACKEND], True),
        ([f"{__name__}.MailBackend", MODEL_BACKEND], True),
        ([MODEL_BACKEND, f"{__name__}.StrictBackend"], False),
    ],
)
def test_only_who_decides_is_asked_one_by_one(names, plain, settings):
    settings.AUTHENTICATION_BACKENDS = names

    assert are_backends_plain() is plain


# Operators


@pytest.mark.parametrize("backend", [MODEL_BACKEND, f"{__name__}.StrictBackend"])
def test_operators_are_found_alike_whoever_decides(backend, settings):
    settings.AUTHENTICATION_BACKENDS = [backend]
    operator, manager = make_operator(), make_operator(is_manager=True)
    gone = make_operator()
    gone.user.user_permissions.clear()
    keys = [sign_in(each.user, backend=backend) for each in (operator, manager, gone)]
    places = list(zip((operator.pk, manager.pk, gone.pk), keys, strict=True))

    first, second, third = list_signed_in(places, read_sessions(keys))

    assert first == get_operator_for_user(user_id=operator.user_id)
    assert second == get_operator_for_user(user_id=manager.user_id)
    assert (first.is_manager, second.is_manager) == (False, True)
    assert third is None


def test_a_superuser_with_a_card_may_do_all(django_user_model):
    operator = make_operator()
    operator.user.user_permissions.clear()
    assert list_signed_in([(operator.pk, session_of(operator))], {}) == [None]
    django_user_model.objects.filter(pk=operator.user_id).update(is_superuser=True)

    assert get_operator_for_user(user_id=operator.user_id).is_manager


def test_any_number_of_operators_costs_one_query(django_assert_num_queries):
    operators = [make_operator() for _ in range(4)]
    places = [(each.pk, session_of(each)) for each in operators]
    sessions = read_sessions([key for _, key in places])

    with django_assert_num_queries(1):
        assert None not in list_signed_in(places, sessions)
