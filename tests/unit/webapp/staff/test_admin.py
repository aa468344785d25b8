"""The admin: staff look after rows, and see nobody's pictures."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from colorizer.models import SHIPPED
from tests.security.things import an_upload
from tests.support.people import guest, live_version, upload, user
from training.models import ModelVersion
from training.registry.versions import ensure_shipped_model, live_model, register
from webapp.accounts.actor import Actor
from webapp.audit.models import Entry
from webapp.photos import services
from webapp.photos.models import Photo
from webapp.studio.models import Hints, Job


@pytest.fixture
def chief(client, db):
    client.force_login(user("chief", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def photos(live):
    return [
        services.add_photo(actor=guest(), upload=upload(name="a secret title.png")),
        services.add_photo(actor=Actor(user=user("owner")), upload=upload()),
    ]


@pytest.fixture
def live(db):
    return live_version()


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_every_list_search_and_row_opens(chief, photos, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert chief.get(reverse(f"{name}_changelist")).status_code == 200
    if admin.site._registry[model].search_fields:
        assert chief.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert chief.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert chief.get(reverse(f"{name}_add")).status_code in (200, 403)


def test_staff_see_facts_of_photos_and_neither_titles_nor_keys(chief, photos):
    for address in (
        reverse("admin:library_photo_change", args=[photos[0].pk]),
        reverse("admin:library_photo_changelist"),
    ):
        page = chief.get(address).content.decode()
        assert str(photos[0].pk) in page
        assert "secret title" not in page
        assert photos[0].guest_key not in page


def test_the_list_of_photos_asks_no_more_for_many(chief, photos, django_assert_max_num_queries):
    chief.get(reverse("admin:library_photo_changelist"))
    with django_assert_max_num_queries(9):
        chief.get(reverse("admin:library_photo_changelist"))
    for _ in range(4):
        services.add_photo(actor=guest(), upload=upload())
    with django_assert_max_num_queries(9):
        chief.get(reverse("admin:library_photo_changelist"))


def test_deleting_photos_deletes_their_files(
    chief, photos, settings, django_capture_on_commit_callbacks
):
    media = settings.STORAGES["default"]["OPTIONS"]["location"]
    chosen = {"action": "delete_selected", "_selected_action": [p.pk for p in photos]}
    address = reverse("admin:library_photo_changelist")
    assert b"Are you sure" in chief.post(address, chosen).content
    with django_capture_on_commit_callbacks(execute=True):
        chief.post(address, chosen | {"post": "yes"})
    assert not Photo.objects.exists()
    assert not Job.objects.exists()
    assert not any((Path(media) / "photos" / str(photo.pk)).exists() for photo in photos)


def make_live(client, *versions):
    page = client.post(
        reverse("admin:training_modelversion_changelist"),
        {"action": "make_live", "_selected_action": [version.pk for version in versions]},
        follow=True,
    )
    return " ".join(str(message) for message in page.context["messages"])


def test_a_model_is_made_live_after_a_trial(chief, live):
    shipped = register(folder=SHIPPED, stored_as="shipped:rehue-4")
    assert "rehue-4 is live" in make_live(chief, shipped)
    assert live_model() == shipped
    entry = Entry.objects.get()
    assert (entry.subject, entry.actor.username) == (shipped.name, "chief")
    assert "rehue-test" in entry.detail


def test_a_model_that_does_not_work_changes_nothing(chief, live):
    broken = ModelVersion.objects.create(
        name="broken", sha256="1" * 64, folder="nowhere", net="unet", card={}, state="published"
    )
    assert "Nothing has changed" in make_live(chief, broken)
    assert live_model() == live
    assert not Entry.objects.exists()


def test_one_model_at_a_time(chief, live):
    shipped = register(folder=SHIPPED, stored_as="shipped:rehue-4")
    assert "exactly one" in make_live(chief, shipped, live)
    assert live_model() == live


def test_only_superusers_switch_the_model(client, live):
    staff = user("staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__endswith="modelversion"))
    client.force_login(staff)
    shipped = register(folder=SHIPPED, stored_as="shipped:rehue-4")
    assert "Only superusers" in make_live(client, shipped)
    assert live_model() == live


def test_a_version_cannot_be_changed_or_deleted(chief):
    shipped = ensure_shipped_model()
    for name in ("change", "delete"):
        address = reverse(f"admin:training_modelversion_{name}", args=[shipped.pk])
        assert chief.post(address, {"name": "other", "post": "yes"}).status_code == 403
    assert chief.post(reverse("admin:training_modelversion_add")).status_code == 403


@pytest.mark.parametrize("name", ["studio_job", "studio_hints", "accounts_user", "uploads_upload"])
def test_lists_ask_no_more_for_many(chief, photos, name, django_assert_max_num_queries):
    for n in range(4):
        owner = user(f"owner-{n}")
        photo = services.add_photo(actor=Actor(user=owner), upload=upload())
        Hints.objects.create(photo=photo, revision=1, data={"version": 1, "hints": []})
        an_upload(Actor(user=owner))
    with django_assert_max_num_queries(9):
        chief.get(reverse(f"admin:{name}_changelist"))


def test_the_admin_and_the_dashboard_lead_to_each_other(chief, live):
    assert reverse("dashboard:home") in chief.get(reverse("admin:index")).content.decode()
    assert reverse("admin:index") in chief.get(reverse("dashboard:home")).content.decode()


def form_of(client, address):
    """What the form at ``address`` holds, ready to be sent again."""
    form = client.get(address).context["adminform"].form
    filled = {name: form[name].value() for name in form.fields}
    for name in ("last_login", "date_joined"):
        moment = getattr(form.instance, name)
        filled[f"{name}_0"] = moment.date() if moment else ""
        filled[f"{name}_1"] = moment.time() if moment else ""
    return {name: value for name, value in filled.items() if value not in (None, False)}


def test_limits_and_closing_in_the_admin_stand_in_the_audit_log(chief):
    kim = user("kim")
    address = reverse("admin:accounts_user_change", args=[kim.pk])
    sent = form_of(chief, address) | {"quota_photos": 5}
    del sent["is_active"]
    assert chief.post(address, sent).status_code == 302
    reported = Entry.objects.order_by("action").values_list("action", "subject", "actor__username")
    assert list(reported) == [
        ("account_closed", f"user {kim.pk}", "chief"),
        ("quota_changed", f"user {kim.pk}", "chief"),
    ]


def test_accounts_are_not_deleted_past_the_service(chief):
    kim = user("kim")
    assert chief.post(reverse("admin:accounts_user_delete", args=[kim.pk])).status_code == 403
