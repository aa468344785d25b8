"""A token opens what its scopes say, for as long as it is valid, and nothing else."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.support.people import a_token, live_version, upload, user
from webapp.accounts.models import User
from webapp.accounts.services import ask_deletion
from webapp.api.models import Token
from webapp.api.secrets import digest_of
from webapp.api.services import revoke_token
from webapp.audit.models import Entry
from webapp.common.operations import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_counters():
    cache.clear()


@pytest.fixture
def owner():
    live_version()
    return user("owner")


def bearing(secret):
    """A program that shows a token, on a site that checks CSRF tokens."""
    return Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {secret}"})


def test_a_token_acts_for_its_owner_without_session_and_csrf_token(owner):
    _, secret = a_token(owner)
    program = bearing(secret)
    photo = program.post("/api/photos", {"file": upload()})
    assert photo.status_code == 201
    assert photo.json()["expires_at"] is None  # a user's, not a guest's
    assert [one["id"] for one in program.get("/api/photos").json()["items"]] == [photo.json()["id"]]
    assert program.get("/api/account").json()["quotas"]["photos"]["used"] == 1
    assert "rehue_session" not in program.cookies


def test_only_a_hash_of_a_token_is_stored(owner):
    token, secret = a_token(owner)
    assert secret.startswith("rehue_")
    assert len(secret) > 40
    row = Token.objects.values_list().get()
    assert all(secret not in str(value) for value in row)
    assert (token.digest, token.prefix) == (digest_of(secret), secret[:12])


def test_two_tokens_are_never_alike(owner):
    assert len({a_token(owner)[1] for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "how", ["revoked", "expired", "owner inactive", "nonsense", "other digest"]
)
def test_a_token_that_is_over_opens_nothing(owner, how):
    token, secret = a_token(owner)
    if how == "revoked":
        revoke_token(actor=owner, token=token)
    elif how == "expired":
        Token.objects.update(expires_at=timezone.now())
    elif how == "owner inactive":
        User.objects.update(is_active=False)
    elif how == "nonsense":
        secret = "hunter2"
    else:
        secret += "x"
    response = bearing(secret).get("/api/photos")
    assert (response.status_code, response.json()["code"]) == (401, "bad_token")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_bad_token_does_not_fall_back_to_the_session(owner, client):
    client.force_login(owner)
    response = client.get("/api/photos", headers={"authorization": "Bearer rehue_wrong"})
    assert response.status_code == 401


def test_a_token_does_no_more_than_its_scopes_say(owner):
    reader = bearing(a_token(owner, Scope.PHOTOS_READ)[1])
    assert reader.get("/api/photos").status_code == 200
    refused = reader.post("/api/photos", {"file": upload()})
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert refused.json()["scope"] == "photos:write"
    assert reader.get("/api/account").status_code == 403
    assert reader.get("/api/models").status_code == 403


def test_who_may_write_may_read(owner):
    writer = bearing(a_token(owner, Scope.PHOTOS_WRITE)[1])
    assert writer.get("/api/photos").status_code == 200
    assert writer.post("/api/photos", {"file": upload()}).status_code == 201


@pytest.mark.parametrize("address", ["/account/tokens", "/account/", "/admin/"])
def test_a_token_opens_no_page(owner, address):
    owner.is_staff = owner.is_superuser = True
    owner.save()
    response = bearing(a_token(owner)[1]).get(address)
    assert response.status_code == 302
    assert "login" in response.headers["Location"]


def test_last_use_is_written_once_a_minute(owner):
    token, secret = a_token(owner)
    program = bearing(secret)
    program.get("/api/models")
    token.refresh_from_db()
    first = token.last_used
    assert first is not None
    program.get("/api/models")
    token.refresh_from_db()
    assert token.last_used == first
    Token.objects.update(last_used=first - timedelta(minutes=2))
    program.get("/api/models")
    token.refresh_from_db()
    assert token.last_used >= first


# The page


def test_a_token_is_shown_once_and_revoked_on_the_page(owner, client):
    client.force_login(owner)
    form = {"name": "archive script", "scopes": ["photos:write"], "days": "30"}
    made = client.post("/account/tokens", form)
    assert made.status_code == 201
    assert "no-store" in made.headers["Cache-Control"]
    secret = made.context["made"]["secret"]
    assert secret in made.content.decode()
    assert bearing(secret).get("/api/photos").status_code == 200
    again = client.get("/account/tokens").content.decode()
    assert secret not in again
    assert "archive script" in again
    token = Token.objects.get()
    assert timedelta(29) < token.expires_at - timezone.now() < timedelta(30)
    assert client.post(f"/account/tokens/{token.pk}/revoke").status_code == 302
    assert bearing(secret).get("/api/photos").status_code == 401
    assert "archive script" in client.get("/account/tokens").content.decode()  # the message
    assert "archive script" not in client.get("/account/tokens").content.decode()
    actions = list(Entry.objects.order_by("pk").values_list("action", "subject", "actor"))
    assert actions == [
        ("token_created", token.prefix, owner.pk), ("token_revoked", token.prefix, owner.pk),
    ]  # fmt: skip


def test_whoever_makes_a_token_shows_once_more_who_it_is(owner, client):
    owner.email = "owner@example.org"
    owner.set_password("correct-horse-42")
    owner.save()
    client.force_login(owner)
    assert client.get("/account/tokens").status_code == 200
    form = {"name": "archive script", "scopes": ["photos:write"], "days": "30"}
    requested = client.post("/account/tokens", form)
    assert requested.status_code == 302
    assert not Token.objects.exists()
    client.post(requested.headers["Location"], {"password": "wrong"})
    assert not Token.objects.exists()
    made = client.post(requested.headers["Location"], {"password": "correct-horse-42"})
    assert bearing(made.context["made"]["secret"]).get("/api/photos").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "scopes": ["photos:read"], "days": "7"},
        {"name": "x", "scopes": [], "days": "7"},
        {"name": "x", "scopes": ["everything"], "days": "7"},
        {"name": "x", "scopes": ["photos:read"], "days": "8000"},
        {"name": "x" * 61, "scopes": ["photos:read"], "days": "7"},
    ],
)
def test_a_form_that_is_filled_wrongly_makes_no_token(owner, client, form):
    client.force_login(owner)
    assert client.post("/account/tokens", form).status_code == 422
    assert not Token.objects.exists()


def test_there_is_an_end_to_how_many_one_may_have(owner, client, settings):
    settings.API_TOKENS_PER_USER = 2
    client.force_login(owner)
    form = {"name": "one more", "scopes": ["photos:read"], "days": ""}
    statuses = [client.post("/account/tokens", form).status_code for _ in range(3)]
    assert statuses == [201, 201, 422]
    revoke_token(actor=owner, token=Token.objects.first())
    assert client.post("/account/tokens", form).status_code == 201


def test_tokens_end_when_the_password_changes(owner):
    secret = a_token(owner)[1]
    owner.set_password("correct-horse-42")
    owner.save()
    browser = Client()
    browser.force_login(owner)
    form = {
        "oldpassword": "correct-horse-42",
        "password1": "battery-staple-43",
        "password2": "battery-staple-43",
    }
    assert browser.post("/account/password/change/", form).status_code == 302
    assert bearing(secret).get("/api/photos").status_code == 401
    assert Entry.objects.filter(action=Entry.Action.TOKEN_REVOKED).count() == 1


def test_tokens_open_nothing_while_the_account_waits_to_be_deleted(owner):
    secret = a_token(owner)[1]
    assert bearing(secret).get("/api/photos").status_code == 200
    ask_deletion(user=owner)
    assert bearing(secret).get("/api/photos").status_code == 401
