"""Actors, uploads and a live model for tests of the site."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.pictures import encoded, grey_astronaut
from training.models import ModelVersion
from webapp.accounts.actor import GUEST_KEY, Actor
from webapp.accounts.models import User
from webapp.api.services import create_token
from webapp.common.operations import Scope


def portrait():
    """The file of a small grey portrait."""
    return encoded(grey_astronaut(96, 64))


def upload(data=None, name="portrait.png"):
    """An uploaded file: a small grey portrait unless told otherwise."""
    return SimpleUploadedFile(name, portrait() if data is None else data)


def live_version(**facts):
    """A live model version whose files nobody will look for."""
    facts = {"name": "rehue-test", "sha256": "0" * 64, "folder": "shipped:rehue-4"} | facts
    ModelVersion.objects.filter(state="live").update(state="published")  # one at a time
    defaults = {"net": "unet", "card": {}, "state": "live"} | facts
    return ModelVersion.objects.update_or_create(name=facts["name"], defaults=defaults)[0]


def guest(key="guest-one"):
    """A guest who has brought something before."""
    return Actor(guest_key=key)


def user(name="somebody", **facts):
    """A user with a row, who signs in by ``client.force_login``."""
    return User.objects.create_user(name, **facts)


def a_token(owner, *scopes, **facts):
    """A token of a user, with all scopes unless told otherwise: its row, and the token itself."""
    facts = {"name": "a script", "expires_at": None} | facts
    return create_token(user=owner, scopes=scopes or list(Scope), **facts)


def as_guest(client, key="guest-one"):
    """Make ``client`` that guest."""
    session = client.session
    session[GUEST_KEY] = key
    session.save()
    return client
