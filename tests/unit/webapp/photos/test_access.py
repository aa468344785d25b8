"""A photo is seen by its owner alone."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.people import guest, upload, user
from webapp.accounts.actor import Actor
from webapp.photos import services
from webapp.photos.access import PhotoNotFoundError, access_photo, photos_of
from webapp.photos.models import Photo


@pytest.fixture
def owner(live):
    return Actor(user=user("owner"))


@pytest.fixture
def owned(owner):
    return services.add_photo(actor=owner, upload=upload())


@pytest.fixture
def brought(live):
    return services.add_photo(actor=guest(), upload=upload())


def test_owners_get_their_photos(owner, owned, brought):
    assert access_photo(owner, owned.id) == owned
    assert access_photo(owner, str(owned.id)) == owned
    assert access_photo(guest(), brought.id) == brought
    assert list(photos_of(owner)) == [owned]
    assert list(photos_of(guest())) == [brought]


def test_strangers_staff_and_nobody_get_nothing(owner, owned, brought):
    staff = Actor(user=user("staff", is_staff=True, is_superuser=True))
    for actor in (guest("two"), Actor(), staff, Actor(user=user("stranger"))):
        for photo in (owned, brought):
            with pytest.raises(PhotoNotFoundError):
                access_photo(actor, photo.id)
        assert not photos_of(actor).exists()
    with pytest.raises(PhotoNotFoundError):
        access_photo(owner, brought.id)
    with pytest.raises(PhotoNotFoundError):
        access_photo(guest(), owned.id)


@pytest.mark.parametrize("key", [uuid.UUID(int=0), "nonsense", "", "\0"])
def test_what_does_not_exist_is_not_found(owner, key):
    with pytest.raises(PhotoNotFoundError):
        access_photo(owner, key)


def test_an_expired_photo_is_gone_before_it_is_cleared(brought):
    Photo.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(PhotoNotFoundError):
        access_photo(guest(), brought.id)
