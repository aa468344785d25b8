"""An account that is deleted stays for the days of grace, and then leaves nothing."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core import mail
from django.db.models import CASCADE
from django.test import Client
from django.utils import timezone

from tests.security.things import things_of
from tests.support.lab import a_run, a_search, an_evaluation
from tests.support.people import a_token, upload, user
from tests.unit.webapp.accounts.conftest import PASSWORD, sign_in
from webapp.accounts import services
from webapp.accounts.actor import Actor
from webapp.accounts.exports import make_export, request_export
from webapp.accounts.models import User
from webapp.accounts.quota import check_jobs
from webapp.audit.models import Entry
from webapp.gallery.labels import ensure_label, put_label
from webapp.ops.tasks import clean_up
from webapp.photos.models import Label, Photo
from webapp.photos.services import add_photo
from webapp.studio.models import Branch, ModelChoice
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


# Rows that stay, without the user: what was done to the site, and the work of its laboratory.
STAYING = {"audit.Entry", "training.Run", "training.Search", "training.Evaluation"}


def furnish(owner, model):
    """Give a user one of everything that hangs on a user; return words that name them."""
    actor = Actor(user=owner)
    photo = add_photo(actor=actor, upload=upload(name=f"of {owner.username}.png"))
    things = things_of(photo, model)
    photo.starred = True
    photo.save()
    ModelChoice.objects.create(photo=photo, model_version=model)
    Branch.objects.create(photo=photo, since=1)
    collection = ensure_label(actor=actor, kind=Label.Kind.COLLECTION, name="Best")
    put_label(label=collection, photos=[photo])
    trashed = add_photo(actor=actor, upload=upload())
    Photo.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())
    begun = begin_upload(actor=actor, size=9, name="a.png", purpose=Upload.Purpose.PHOTO)
    append(upload=begun, offset=0, data=b"123")
    archive = begin_upload(actor=actor, size=3, name="a.zip", purpose=Upload.Purpose.ARCHIVE)
    append(upload=archive, offset=0, data=b"123")
    check_jobs(actor)
    program = Client(headers={"authorization": f"Bearer {a_token(owner)[1]}"})
    key = f"key-of-{owner.username}"
    kept = program.post("/api/photos", {"file": upload()}, headers={"idempotency-key": key})
    assert kept.status_code == 201
    way_in(owner)
    a_run(f"run of {owner.pk}", actor=owner)
    a_search(f"search of {owner.pk}", actor=owner)
    an_evaluation(f"points of {owner.pk}", actor=owner)
    export = request_export(user=owner, site="http://testserver/")
    make_export(export_id=export.pk)
    words = [things[f"{kind}_id"] for kind in ("photo", "version", "job", "upload", "batch")]
    words = [*words, trashed.pk, archive.pk, export.pk, kept.json()["id"]]
    return [owner.email, f"of {owner.username}", *map(str, words)]


def way_in(owner):
    """Give a user every way of signing in, a group, and a line in the log of the admin."""
    for kind in Authenticator.Type:
        Authenticator.objects.create(user=owner, type=kind, data={"secret": owner.email})
    address, _ = EmailAddress.objects.get_or_create(user=owner, email=owner.email)
    EmailConfirmation.objects.create(email_address=address, key=f"key of {owner.username}")
    social = SocialAccount.objects.create(user=owner, provider="github", uid=owner.email)
    SocialToken.objects.create(account=social, token=f"token of {owner.username}")
    owner.groups.add(Group.objects.get_or_create(name="readers")[0])
    owner.user_permissions.add(Permission.objects.first())
    for row in (owner, address):
        for staff in (owner, user(f"staff for {row._meta.model_name} {owner.pk}")):
            LogEntry.objects.log_actions(staff.pk, [row], CHANGE, "Changed", single_object=True)


def references(model):
    """Every table with a foreign key to ``model`` that goes with it, and that key."""
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.concrete_fields:
            goes = field.remote_field and field.remote_field.on_delete is CASCADE
            if field.related_model is model and goes:
                yield other, field


def tables():
    """Every table whose rows hang on a user, near or far."""
    found, waiting = set(), [User]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            waiting += [other for other, _ in references(model)]
    return found


def hanging_on(owner):
    """The keys of all rows that hang on a user, near or far, by table."""
    found, waiting = {}, [(User, {owner.pk})]
    while waiting:
        model, keys = waiting.pop()
        known = found.setdefault(model, set())
        if new := keys - known:
            known |= new
            for other, field in references(model):
                rows = other._base_manager.filter(**{f"{field.name}__in": new})
                waiting.append((other, {*rows.values_list("pk", flat=True)}))
    return {model: keys for model, keys in found.items() if keys}


def naming():
    """Every key to a user, whether or not its row goes with the user."""
    return {
        (model, field.attname)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is User
    }


def pointing_at(number):
    """Those keys of which a row names this user."""
    return {
        (model, name)
        for model, name in naming()
        if model._base_manager.filter(**{name: number}).exists()
    }


def rows():
    """Every row of every table, as text."""
    return [
        (model._meta.label, " ".join(map(str, row)))
        for model in apps.get_models(include_auto_created=True)
        for row in model._base_manager.values_list()
    ]


def test_after_the_grace_no_row_and_no_file_is_left(live, ada, own_media, settings):
    bob = user("bob", email="bob@example.org", password=PASSWORD)
    words = furnish(ada, live)
    furnish(bob, live)
    client = Client()
    sign_in(client)
    number, key = ada.pk, Actor(user=ada).key
    things, bobs, before = hanging_on(ada), hanging_on(bob), files(own_media)
    # A new table: give the user a row of it in ``furnish``.
    assert tables() - things.keys() == set()
    assert pointing_at(number) == naming()
    assert all(any(word in text for _, text in rows()) for word in words)

    services.ask_deletion(user=ada)
    clean_up()
    assert User.objects.filter(pk=number).exists()
    requested = timezone.now() - timedelta(days=settings.ACCOUNT_GRACE_DAYS, seconds=1)
    User.objects.filter(pk=number).update(deletion_asked_at=requested)
    clean_up()

    for table, keys in things.items():
        assert not table._base_manager.filter(pk__in=keys).exists(), table
    assert pointing_at(number) == set()
    # The audit log keeps what was done to which number or id, and no name.
    left = [
        (table, text)
        for table, text in rows()
        for word in (words[:2] if table in STAYING else [*words, key])
        if word in text
    ]
    assert left == []
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert str(number) not in [session.get(SESSION_KEY) for session in sessions]
    after = files(own_media)
    assert not [name for name in after for word in words if word in name]
    assert len(after) == len(before) / 2
    assert hanging_on(bob).keys() == bobs.keys()
    assert hanging_on(bob)[Photo] == bobs[Photo]
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


def test_somebody_else_s_password_is_requested_again_before_leaving(client, ada):
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
