"""The way in: it tells nobody who has an account, tires of guessing, and leads nowhere else."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.support.people import live_version, upload, user
from webapp.accounts import services
from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.asgi import application
from webapp.common.websocket import consumer as base
from webapp.photos.services import add_photo

PASSWORD = "correct-horse-42"
ELSEWHERE = ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


@pytest.fixture
def ada(db):
    ada = user("ada", email="ada@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    return ada


@pytest.fixture
def real_mail(settings):
    settings.REAL_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def seen(address, fields):
    """What somebody sees who fills in a form: where it leads, and the words there."""
    client = Client()
    answer = client.post(address, fields, follow=True)
    words = answer.content.decode()
    for value in fields.values():
        words = words.replace(value, "…")
    token = answer.context["csrf_token"]
    return answer.redirect_chain, words.replace(str(token), "…").partition("<main")[2]


@pytest.mark.parametrize(
    ("address", "field"), [("/account/signup/", "email"), ("/account/password/reset/", "email")]
)
def test_forms_answer_the_same_whether_or_not_there_is_an_account(ada, real_mail, address, field):
    more = {"password1": PASSWORD} if "signup" in address else {}
    known = seen(address, {field: "ada@example.org", **more})
    unknown = seen(address, {field: "bob@example.org", **more})
    assert known == unknown
    assert len(mail.outbox) == 2  # the owner is told, and so is whoever has no account


def test_a_wrong_password_and_a_wrong_address_look_the_same(ada):
    wrong = {"password": "not-the-password"}
    known = seen("/account/login/", {"login": "ada@example.org", **wrong})
    unknown = seen("/account/login/", {"login": "bob@example.org", **wrong})
    assert known == unknown


def test_guessing_a_password_is_stopped_even_with_the_right_one(client, ada):
    for number in range(6):
        client.post("/account/login/", {"login": ada.email, "password": f"guess-{number}"})
    page = client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert page.status_code == 200
    assert "Too many failed login attempts" in page.content.decode()
    assert client.get("/account/").status_code == 302


def test_asking_for_mail_over_and_over_gets_the_page_that_says_so(client, ada):
    answers = [
        client.post("/account/password/reset/", {"email": ada.email},
                    headers={"accept-language": "ko"})
        for _ in range(7)
    ]  # fmt: skip
    assert answers[-1].status_code == 429
    assert "너무 자주 시도했습니다" in answers[-1].content.decode()
    assert len(mail.outbox) < 7


@pytest.mark.parametrize("where", ELSEWHERE)
def test_no_form_leads_to_another_site(client, ada, where):
    forms = {
        "/account/login/": {"login": ada.email, "password": PASSWORD},
        "/i18n/setlang/": {"language": "en"},
        "/account/logout/": {},
        "/account/signup/": {"email": "new@example.org", "password1": PASSWORD},
    }
    for address, fields in forms.items():
        answer = client.post(address, {**fields, "next": where})
        assert answer.status_code == 302, address
        assert answer.headers["Location"] in {"/", "/photos"}, address


def test_signing_in_takes_a_token_against_forged_forms(ada):
    client = Client(enforce_csrf_checks=True)
    for address in ("/account/login/", "/account/signup/", "/account/logout/"):
        assert client.post(address, {"login": ada.email, "password": PASSWORD}).status_code == 403


def test_a_session_from_before_is_worth_nothing_after(client, ada):
    client.get("/account/login/")
    session = client.session
    session["guest_key"] = "planted"
    session.save()
    client.cookies["rehue_session"] = session.session_key
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert client.session.session_key != session.session_key


def test_a_new_password_ends_the_other_sessions(ada):
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    fields = {"oldpassword": PASSWORD, "password1": "other-horse-43", "password2": "other-horse-43"}
    here.post("/account/password/change/", fields)
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def revoke(ada):
    services.end_session(user=ada, session_id=UserSession.objects.get(user=ada).pk)


def deactivate(ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)


@pytest.mark.parametrize(
    "change", [revoke, deactivate, lambda ada: services.ask_deletion(user=ada)]
)
@pytest.mark.django_db(transaction=True)
async def test_whoever_is_signed_out_loses_their_websockets(ada, change, monkeypatch):
    monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.1)

    def begin():
        live_version()
        photo = add_photo(actor=Actor(user=ada), upload=upload())
        client = Client()
        client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
        return photo, client.session.session_key

    photo, session = await sync_to_async(begin)()
    scope = {
        "type": "websocket", "path": f"/ws/photos/{photo.pk}", "query_string": b"",
        "subprotocols": [],
        "headers": [(b"host", b"localhost"), (b"origin", b"http://localhost"),
                    (b"cookie", f"rehue_session={session}".encode())],
    }  # fmt: skip
    line = ApplicationCommunicator(application, scope)
    await line.send_input({"type": "websocket.connect"})
    assert (await line.receive_output(timeout=10))["type"] == "websocket.accept"
    assert json.loads((await line.receive_output(timeout=10))["text"])["type"] == "snapshot"
    await sync_to_async(change)(ada)
    while (output := await line.receive_output(timeout=10))["type"] != "websocket.close":
        assert json.loads(output["text"])["type"] == "revoked"
    assert output["code"] == 4401
