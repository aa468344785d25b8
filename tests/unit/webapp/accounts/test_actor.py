"""Who acts: from requests and from websocket scopes."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError

from tests.support.people import user
from webapp.accounts.actor import Actor, actor_of, ensure_actor
from webapp.accounts.models import User


def request_of(rf, someone, **session):
    request = rf.get("/")
    request.user = someone
    request.session = SessionStore()
    request.session.update(session)
    return request


def test_a_new_guest_is_nobody_until_a_key_is_needed(rf, db):
    request = request_of(rf, AnonymousUser())
    assert actor_of(request) == Actor()
    assert actor_of(request).key == ""
    first = ensure_actor(request)
    assert len(first.guest_key) >= 32
    assert ensure_actor(request) == first == actor_of(request)


def test_guest_keys_differ(rf, db):
    keys = {ensure_actor(request_of(rf, AnonymousUser())).guest_key for _ in range(20)}
    assert len(keys) == 20


def test_a_signed_in_user_acts_as_themselves(rf, db):
    someone = user()
    request = request_of(rf, someone, guest_key="from before")
    assert actor_of(request) == ensure_actor(request) == Actor(user=someone)
    assert actor_of(request).key == f"user.{someone.pk}"


def test_a_deactivated_user_is_nobody(rf, db):
    assert actor_of(request_of(rf, user(is_active=False))) == Actor()


def test_a_websocket_scope_gives_the_same(db):
    someone = user()
    assert actor_of({"user": someone, "session": {}}) == Actor(user=someone)
    assert actor_of({"user": AnonymousUser(), "session": {"guest_key": "k"}}).key == "guest.k"
    assert actor_of({}) == Actor()


def test_a_meddled_session_gives_no_key(rf, db):
    assert actor_of({"session": {"guest_key": ["k"]}}) == Actor()


def test_an_address_belongs_to_one_user_whatever_its_case(db):
    user("one", email="a@example.org")
    with pytest.raises(IntegrityError):
        User.objects.create_user("two", email="A@example.org")


def test_many_may_have_no_address(db):
    user("one"), user("two")
    assert User.objects.count() == 2
