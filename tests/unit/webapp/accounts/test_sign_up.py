"""From a guest to an account, and the photos come along."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from tests.support.people import as_guest, guest, upload
from tests.unit.webapp.accounts.conftest import mailed_link, sign_in, sign_up
from webapp.accounts.models import User
from webapp.photos import services
from webapp.photos.models import Photo
from webapp.uploads.models import Upload
from webapp.uploads.services import begin_upload


@pytest.fixture
def photo(live):
    return services.add_photo(actor=guest(), upload=upload())


def owner_of(photo):
    photo.refresh_from_db()
    return photo.owner


def test_a_sign_up_asks_for_an_address_and_a_password_alone(client, db):
    sign_up(client)
    new = User.objects.get(email="new@example.org")
    assert new.username
    assert new.check_password("correct-horse-42")
    page = client.get("/account/").content.decode()
    assert "new@example.org" in page


def test_without_real_mail_the_address_counts_as_unverified_and_the_page_says_so(client, db):
    sign_up(client)
    assert not EmailAddress.objects.get().verified
    assert b'data-testid="unverified"' in client.get("/account/").content


def test_with_real_mail_the_link_has_to_be_opened_first(client, photo, real_mail):
    as_guest(client)
    sign_up(client)
    assert client.get("/account/").status_code == 302
    assert owner_of(photo) is None  # the guest goes on with it meanwhile
    assert client.get(f"/photos/{photo.pk}").status_code == 200
    assert client.get(mailed_link()).status_code == 200
    client.post(mailed_link())
    assert EmailAddress.objects.get().verified
    assert owner_of(photo).email == "new@example.org"
    assert photo.expires_at is None
    assert client.get(f"/photos/{photo.pk}").status_code == 200


def test_the_photos_come_along_when_the_link_is_opened_on_another_device(photo, real_mail):
    sign_up(as_guest(Client()))
    phone = Client()
    phone.post(mailed_link())
    sign_in(phone, "new@example.org")
    assert owner_of(photo).email == "new@example.org"
    assert phone.get(f"/photos/{photo.pk}").status_code == 200


def test_a_guests_photos_move_at_sign_in_too(client, photo, ada):
    foreign = services.add_photo(actor=guest("another"), upload=upload())
    sign_in(as_guest(client))
    assert owner_of(photo) == ada
    assert owner_of(foreign) is None
    assert "guest_key" not in client.session


def test_what_was_being_uploaded_goes_on(client, photo, ada):
    begin_upload(actor=guest(), size=9, name="a.png", purpose=Upload.Purpose.PHOTO)
    sign_in(as_guest(client))
    assert Upload.objects.get().owner == ada


def test_expired_photos_stay_behind(client, photo, ada, settings):
    Photo.objects.update(expires_at="2020-01-01T00:00Z")
    sign_in(as_guest(client))
    assert owner_of(photo) is None


def test_the_account_keeps_the_language_it_was_opened_in(client, db):
    client.get("/", headers={"accept-language": "ko"})
    client.post("/account/signup/", {"email": "new@example.org", "password1": "correct-horse-42"},
                headers={"accept-language": "ko"})  # fmt: skip
    assert User.objects.get().language == "ko"
    assert "환영합니다" in mail.outbox[0].body


def test_signing_up_can_be_closed(client, db, settings):
    settings.SIGNUPS = False
    sign_up(client)
    assert not User.objects.exists()


def test_the_admin_lets_people_in_by_the_sites_own_sign_in(client, ada):
    requested = client.get("/admin/", follow=True)
    assert requested.redirect_chain[-1][0].startswith("/account/login/")
    sign_in(client)
    assert client.get("/admin/login/").status_code == 403
    ada.is_staff = True
    ada.save()
    assert client.get("/admin/").status_code == 200


def test_somebody_made_on_the_command_line_signs_in_by_address(client, db):
    User.objects.create_superuser("chief", "chief@example.org", "correct-horse-42")
    sign_in(client, "chief@example.org")
    assert client.get("/admin/").status_code == 200


def test_a_deactivated_user_stays_outside(client, ada):
    ada.is_active = False
    ada.save()
    sign_in(client)
    assert client.get("/account/").status_code == 302
