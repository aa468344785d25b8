"""Mail: in the user's language, as text and as HTML, through whatever EMAIL_URL says."""

import email
import re
from pathlib import Path

import pytest
from allauth.core import context
from django.core import mail
from django.core.mail import get_connection
from django.utils import timezone

from tests.support.people import user
from tests.unit.webapp.accounts.conftest import sign_up
from webapp.accounts.adapter import AccountAdapter
from webapp.accounts.mail import send
from webapp.settings.errors import ConfigError
from webapp.settings.mail import mail_from_url


def test_mail_is_in_the_language_of_who_gets_it(client, ada):
    ada.language = "ko"
    ada.save()
    client.post("/account/password/reset/", {"email": ada.email},
                headers={"accept-language": "en"})  # fmt: skip
    letter = mail.outbox[0]
    assert "비밀번호" in letter.body
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    assert "비밀번호" in html
    assert letter.subject == "비밀번호 재설정"
    assert 'href="http' in html


NOTICES = [
    *(f"account/email/{name}" for name in (
        "email_changed", "email_confirm", "email_deleted", "password_changed", "password_reset",
        "password_set")),
    *(f"mfa/email/{name}" for name in (
        "recovery_codes_generated", "totp_activated", "totp_deactivated", "webauthn_added",
        "webauthn_removed")),
    *(f"socialaccount/email/account_{what}" for what in ("connected", "disconnected")),
]  # fmt: skip


@pytest.mark.parametrize("notice", NOTICES)
def test_what_happened_to_an_account_is_reported_in_our_own_words(rf, ada, notice):
    facts = {"from_email": "old@example.org", "to_email": "new@example.org",
             "deleted_email": "gone@example.org", "provider": "GitHub"}  # fmt: skip
    request = rf.get("/", REMOTE_ADDR="192.0.2.7", headers={"user-agent": "Firefox <b>"})
    for language in ("en", "ko"):
        ada.language = language
        ada.save()
        with context.request_context(request):
            AccountAdapter(request).send_notification_mail(notice, ada, facts)
    english, korean = mail.outbox
    assert "Rehue" in english.body
    assert "If it was not you" in english.body
    assert "Firefox <b>" in english.body
    assert "192.0.2.7" in english.body
    for letter in (english, korean):
        assert "&lt;" not in letter.body
        assert "<b>" not in letter.alternatives[0].content
    assert re.search("[가-힣]", korean.subject)
    assert "본인이" in korean.body
    assert "your" not in korean.body, "a sentence without Korean words"


def test_what_is_written_into_a_mail_is_not_markup(db):
    someone = user("someone", email="a@example.org")
    send(user=someone, template="accounts/mail/export_ready",
         context={"link": "https://x.example/?a=1&b=<b>", "expires": timezone.now()})  # fmt: skip
    letter = mail.outbox[0]
    assert "a=1&b=<b>" in letter.body
    assert "<b>" not in letter.alternatives[0].content


def test_nobody_is_written_to_without_an_address(db):
    send(user=user("nobody"), template="accounts/mail/deletion_cancelled", context={})
    assert not mail.outbox


def test_a_mail_server_that_is_away_breaks_no_sign_up(client, db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = sign_up(client)
    assert page.status_code == 302
    assert "could not be sent" in client.get("/").content.decode()


def test_mail_goes_into_files(settings, tmp_path, db):
    for name, value in mail_from_url(f"file://{tmp_path}/mail").items():
        setattr(settings, name, value)
    settings.DEFAULT_FROM_EMAIL = "Rehue <rehue@example.org>"
    someone = user("someone", email="a@example.org")
    send(user=someone, template="accounts/mail/deletion_cancelled", context={})
    (file,) = Path(tmp_path, "mail").iterdir()
    letter = email.message_from_bytes(file.read_bytes())
    assert letter["From"] == "Rehue <rehue@example.org>"
    assert [part.get_content_type() for part in letter.walk()][1:] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("url", "requested"),
    [
        ("smtp://me:p%40ss@mail.example.org", ("mail.example.org", 587, "me", "p@ss", True, False)),
        ("smtps://mail.example.org", ("mail.example.org", 465, "", "", False, True)),
        ("smtp://localhost:25?insecure=1", ("localhost", 25, "", "", False, False)),
    ],
)
def test_an_smtp_server_is_one_url(url, requested, settings):
    for name, value in mail_from_url(url).items():
        setattr(settings, name, value)
    line = get_connection()
    found = (line.host, line.port, line.username, line.password, line.use_tls, line.use_ssl)
    assert found == requested


@pytest.mark.parametrize("url", ["pop://x", "smtp://", "file://", "mail.example.org"])
def test_another_url_is_refused_with_a_sentence(url):
    with pytest.raises(ConfigError, match="EMAIL_URL"):
        mail_from_url(url)
