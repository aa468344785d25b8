"""A ZIP of all of a user's data: whole, without secrets, the user's alone, and gone in time."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from tests.support.people import a_token, guest, upload, user
from tests.unit.webapp.accounts.conftest import sign_in
from webapp.accounts import exports
from webapp.accounts.actor import Actor
from webapp.accounts.exports import (
    RESEND,
    ExportLimitError,
    make_export,
    purge_exports,
    request_export,
    requeue_exports,
)
from webapp.accounts.models import DataExport
from webapp.photos.services import add_photo
from webapp.studio.models import Hints

SITE = "https://photos.example.org/"


@pytest.fixture
def photo(live, ada):
    photo = add_photo(actor=Actor(user=ada), upload=upload(name="할머니.png"))
    Hints.objects.create(photo=photo, revision=3, data={"version": 1, "hints": []})
    return photo


def made(owner):
    export = request_export(user=owner, site=SITE)
    make_export(export_id=export.pk)
    export.refresh_from_db()
    return export


def files_of(export):
    return [name for name in default_storage.listdir("exports")[1] if str(export.pk) in name]


def opened(export):
    with default_storage.open(export.file) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_it_holds_the_files_and_the_rows(ada, photo):
    add_photo(actor=guest(), upload=upload())
    archive = opened(made(ada))
    assert archive.testzip() is None
    folder = f"photos/할머니-{photo.pk.hex[:8]}"
    names = archive.namelist()
    assert {f"{folder}/original.png", f"{folder}/hints.json", "rows.json", "README.txt"} <= {*names}
    assert len([name for name in names if name.endswith("original.png")]) == 1
    with default_storage.open(photo.original) as file:
        assert archive.read(f"{folder}/original.png") == file.read()
    rows = json.loads(archive.read("rows.json"))
    assert rows["accounts.user"][0]["email"] == ada.email
    assert rows["library.photo"][0]["title"] == "할머니"
    assert rows["studio.hints"][0]["revision"] == 3
    assert rows["account.emailaddress"][0]["verified"] is True


def test_it_holds_nothing_that_opens_a_door(ada, client, photo):
    sign_in(client)
    token, secret = a_token(ada)
    address = EmailAddress.objects.get(user=ada)
    EmailConfirmation.objects.create(email_address=address, key="MAILEDKEY")
    for kind in Authenticator.Type:
        Authenticator.objects.create(user=ada, type=kind, data={"secret": f"SECRET-{kind}"})
    social = SocialAccount.objects.create(user=ada, provider="github", uid="1")
    SocialToken.objects.create(account=social, token="SOCIALTOKEN")
    begun = client.post("/api/photos", {"file": upload()}, headers={"idempotency-key": "k"})
    assert begun.status_code == 201
    archive = opened(made(ada))
    reported = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert token.prefix in reported  # the token is named, and cannot be used
    secrets = [
        secret,
        token.digest,
        ada.password,
        client.session.session_key,
        client.session["_auth_user_hash"],
    ]
    for word in (*secrets, "MAILEDKEY", "SECRET-", "SOCIALTOKEN"):
        assert word not in reported, word


def test_its_user_gets_a_mail_with_the_way_to_it(ada):
    ada.language = "ko"
    ada.save()
    export = made(ada)
    letter = mail.outbox[-1]
    assert letter.to == [ada.email]
    assert f"{SITE}account/data" in letter.body
    assert "사본" in letter.subject
    assert f'href="{SITE}account/data"' in letter.alternatives[0].content
    assert export.expires_at > timezone.now() + timedelta(days=6)


def test_its_user_alone_fetches_it(ada, client):
    export = made(ada)
    address = f"/account/data/{export.pk}.zip"
    client.force_login(ada)
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/zip"
    assert zipfile.is_zipfile(io.BytesIO(answer.getvalue()))
    stranger = Client()
    stranger.force_login(user("stranger"))
    assert stranger.get(address).status_code == 404


def test_asking_twice_gives_the_same_one(ada):
    assert request_export(user=ada, site=SITE) == request_export(user=ada, site=SITE)


def test_so_many_a_day(ada, settings, client):
    settings.EXPORTS_PER_DAY = 1
    made(ada)
    with pytest.raises(ExportLimitError):
        request_export(user=ada, site=SITE)
    client.force_login(ada)
    page = client.post("/account/data/export", follow=True)
    assert "enough copies" in page.content.decode()


def test_a_newer_one_takes_the_older_ones_place(ada):
    older, newer = made(ada), made(ada)
    assert not default_storage.exists(older.file)
    assert default_storage.exists(newer.file)


def test_it_goes_when_its_time_is_over(ada):
    export = made(ada)
    purge_exports(now=timezone.now())
    assert default_storage.exists(export.file)
    purge_exports(now=export.expires_at)
    assert not default_storage.exists(export.file)
    assert not DataExport.objects.exists()


def test_a_worker_that_dies_is_followed_by_another(ada):
    export = request_export(user=ada, site=SITE)
    DataExport.objects.update(status="running", attempt=1)
    late = timezone.now() + RESEND + timedelta(seconds=1)
    requeue_exports(now=late)
    export.refresh_from_db()
    assert (export.status, export.attempt) == ("queued", 1)
    make_export(export_id=export.pk)
    export.refresh_from_db()
    assert (export.status, export.attempt) == ("ready", 2)


def test_it_is_not_tried_for_ever(ada):
    request_export(user=ada, site=SITE)
    DataExport.objects.update(status="running", attempt=3)
    requeue_exports(now=timezone.now() + 2 * RESEND)
    assert DataExport.objects.get().status == "failed"


def test_a_worker_that_was_taken_for_dead_touches_no_other_s_file(ada, monkeypatch):
    """The first comes back when the second is done: what is there to fetch stays."""
    export, write = request_export(user=ada, site=SITE), exports._write

    def overtaken(export, key, lease):
        size = write(export, key, lease)
        if export.attempt == 1:
            requeue_exports(now=timezone.now() + 2 * RESEND)
            make_export(export_id=export.pk)
        return size

    monkeypatch.setattr(exports, "_write", overtaken)
    make_export(export_id=export.pk)
    export.refresh_from_db()
    assert (export.status, export.attempt) == ("ready", 2)
    assert opened(export).testzip() is None
    assert files_of(export) == [f"{export.pk}-2.zip"]
    assert len(mail.outbox) == 1


def test_what_killed_workers_left_goes_with_the_export(ada):
    export = request_export(user=ada, site=SITE)
    DataExport.objects.update(status="running", attempt=1)
    left = default_storage.save(f"exports/{export.pk}-1.zip", ContentFile(b"PK"))
    requeue_exports(now=timezone.now() + 2 * RESEND)
    make_export(export_id=export.pk)
    assert default_storage.exists(left)
    exports.delete_exports(ada)
    assert files_of(export) == []


def test_a_full_disk_is_reported_and_leaves_nothing(ada, monkeypatch, client):
    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(exports, "_write", full)
    made(ada)
    client.force_login(ada)
    assert "could not be made" in client.get("/account/data").content.decode()
    assert not mail.outbox


def test_a_delivery_that_comes_twice_makes_one(ada):
    export = made(ada)
    make_export(export_id=export.pk)
    assert len(mail.outbox) == 1
