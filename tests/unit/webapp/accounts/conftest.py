"""What tests of accounts share: a clean count of attempts, real mail, and people who sign in."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from tests.support.people import user

PASSWORD = "correct-horse-42"


@pytest.fixture(autouse=True)
def no_attempts_yet():
    """Rate limits count in the cache, over tests too."""
    cache.clear()


@pytest.fixture
def real_mail(settings):
    """A site whose mail reaches people, so that an address has to be verified."""
    settings.REAL_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def ada(db):
    """A user with a verified address and a password."""
    ada = user("ada", email="ada@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    return ada


def sign_up(client, email="new@example.org", **more):
    return client.post("/account/signup/", {"email": email, "password1": PASSWORD, **more})


def sign_in(client, email="ada@example.org", password=PASSWORD, address="/account/login/"):
    return client.post(address, {"login": email, "password": password})


def mailed_link(number=-1):
    """The path of the link in a mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[number].body)[1]
