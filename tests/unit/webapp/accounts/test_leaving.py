"""An account that is deleted stays for the days of grace, and then leaves nothing."""

from datetime import timedelta

import numpy as np
import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from tests.support.people import portrait, upload, user
from tests.unit.webapp.accounts.conftest import PASSWORD, sign_in
from webapp.accounts import services
from webapp.accounts.actor import Actor
from webapp.accounts.exports import make_export, request_export
from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.library.models import Photo
from webapp.library.quota import check_jobs
from webapp.library.services import add_photo
from webapp.runtime.tasks import clean_up
from webapp.studio.chroma import pack
from webapp.studio.models import Chroma, Hints, Job, Version
from webapp.uploads.models import Upload
from webapp.uploads.services import append, begin_upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Each test starts with an empty storage."""
    storages = settings.STORAGES
    options = storages["default"]["OPTIONS"] | {"location": str(tmp_path / "media")}
    settings.STORAGES = storages | {"default": storages["default"] | {"OPTIONS": options}}
    return tmp_path / "media"


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def furnish(owner, model):
    """Give a user one of everything that hangs on a user; return words that name them."""
    actor = Actor(user=owner)
    photo = add_photo(actor=actor, upload=upload(name=f"of {owner.username}.png"))
    job = Job.objects.get(photo=photo)
    Hints.objects.create(photo=photo, revision=1, data={"version": 1, "hints": []})
    Chroma.objects.create(
        photo=photo, revision=1, job=job, model_version=model, width=2, height=2,
        data=pack(np.zeros((2, 2, 2), np.float32)), seconds=0.1,
    )  # fmt: skip
    key = default_storage.save(f"photos/{photo.pk}/versions/v.png", ContentFile(portrait()))
    Version.objects.create(
        photo=photo, job=job, revision=1, hints={}, model_version=model, image=key, width=96,
        height=64,
    )  # fmt: skip
    trashed = add_photo(actor=actor, upload=upload())
    Photo.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())
    begun = begin_upload(actor=actor, size=9, name="a.png", purpose=Upload.Purpose.PHOTO)
    append(upload=begun, offset=0, data=b"123")
    check_jobs(actor)
    Authenticator.objects.create(user=owner, type="totp", data={"secret": "x"})
    export = request_export(user=owner, site="http://testserver/")
    make_export(export_id=export.pk)
    return [owner.email, f"of {owner.username}", str(photo.pk), str(trashed.pk), str(export.pk)]


def rows():
    """Every row of every table, as text."""
    return [
        (model._meta.label, " ".join(map(str, row)))
        for model in apps.get_models()
        for row in model._base_manager.values_list()
    ]


def test_after_the_grace_no_row_and_no_file_is_left(live, ada, own_media, settings):
    bob = user("bob", email="bob@example.org", password=PASSWORD)
    words = furnish(ada, live)
    kept = furnish(bob, live)
    client = Client()
    sign_in(client)
    number = ada.pk
    before = files(own_media)
    assert all(any(word in text for _, text in rows()) for word in words)

    services.ask_deletion(user=ada)
    clean_up()
    assert User.objects.filter(pk=number).exists()
    asked = timezone.now() - timedelta(days=settings.ACCOUNT_GRACE_DAYS, seconds=1)
    User.objects.filter(pk=number).update(deletion_asked_at=asked)
    clean_up()

    # The audit log keeps what was done to which number, and no name.
    left = [
        (table, text)
        for table, text in rows()
        for word in (words[:2] if table == "audit.Entry" else words)
        if word in text
    ]
    assert left == []
    hanging = [
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User and model._base_manager.filter(**{field.name: number})
    ]
    assert hanging == []
    assert [session.get_decoded() for session in Session.objects.all()] == []
    after = files(own_media)
    assert not [name for name in after for word in words if word in name]
    assert all(any(word in name for name in after) for word in kept[2:])
    assert len(after) == len(before) / 2
    entry = Entry.objects.get(action=Entry.Action.ACCOUNT_DELETED)
    assert (entry.actor, entry.subject) == (None, f"user {number}")


def ask(client, address):
    """Go the whole way to the deletion, the password asked for again included."""
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/delete"})
    return client.post("/account/delete", {"address": address})


def test_asking_takes_the_address_typed_out(client, ada):
    assert ask(client, "somebody@example.org").status_code == 200
    ada.refresh_from_db()
    assert ada.deletion_asked_at is None
    page = client.post("/account/delete", {"address": "ADA@example.org "})
    assert b'data-testid="deletion-asked"' in page.content
    ada.refresh_from_db()
    assert ada.deletion_asked_at is not None


def test_asking_signs_out_everywhere_and_says_when_by_mail(client, ada, settings):
    other = Client()
    sign_in(other)
    ask(client, ada.email)
    for browser in (client, other):
        assert browser.get("/account/").status_code == 302
    assert not UserSession.objects.exists()
    assert "deleted" in mail.outbox[-1].subject
    assert str((timezone.now() + timedelta(days=14)).year) in mail.outbox[-1].body


def test_signing_in_keeps_the_account(client, ada):
    ask(client, ada.email)
    sign_in(client)
    ada.refresh_from_db()
    assert ada.deletion_asked_at is None
    assert client.get("/account/").status_code == 200
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"account_deletion_asked", "account_deletion_cancelled"} <= actions
    assert "stays" in mail.outbox[-1].subject


def test_somebody_else_s_password_is_asked_for_again_before_leaving(client, ada):
    client.force_login(ada)
    page = client.get("/account/delete")
    assert page.status_code == 302
    assert page.headers["Location"].startswith("/account/reauthenticate/")


def test_one_account_that_sticks_keeps_no_other(ada, monkeypatch):
    old = timezone.now() - timedelta(days=99)
    bob = user("bob", deletion_asked_at=old)
    User.objects.filter(pk=ada.pk).update(deletion_asked_at=old)
    delete = services.delete_account

    def stick(*, user):
        if user.pk == ada.pk:
            raise OSError("disk")
        delete(user=user)

    monkeypatch.setattr(services, "delete_account", stick)
    assert services.delete_due_accounts(now=timezone.now()) == 1
    assert User.objects.filter(pk=ada.pk).exists()
    assert not User.objects.filter(pk=bob.pk).exists()


def test_a_session_that_is_over_leaves_no_address(client, ada):
    sign_in(client)
    services.purge_sessions()
    assert UserSession.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    services.purge_sessions()
    assert not UserSession.objects.exists()
