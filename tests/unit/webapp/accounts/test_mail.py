"""Mail: in the user's language, as text and as HTML, through whatever EMAIL_URL says."""

import email
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import get_connection
from django.utils import timezone

from tests.support.people import user
from tests.unit.webapp.accounts.conftest import sign_up
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
    ("url", "wanted"),
    [
        ("smtp://me:p%40ss@mail.example.org", ("mail.example.org", 587, "me", "p@ss", True, False)),
        ("smtps://mail.example.org", ("mail.example.org", 465, "", "", False, True)),
        ("smtp://localhost:25?insecure=1", ("localhost", 25, "", "", False, False)),
    ],
)
def test_an_smtp_server_is_one_url(url, wanted, settings):
    for name, value in mail_from_url(url).items():
        setattr(settings, name, value)
    line = get_connection()
    found = (line.host, line.port, line.username, line.password, line.use_tls, line.use_ssl)
    assert found == wanted


@pytest.mark.parametrize("url", ["pop://x", "smtp://", "file://", "mail.example.org"])
def test_another_url_is_refused_with_a_sentence(url):
    with pytest.raises(ConfigError, match="EMAIL_URL"):
        mail_from_url(url)
