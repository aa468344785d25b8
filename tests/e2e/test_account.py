"""The life of an account: a guest's photo, the mailed link, a second step, preferences."""

import base64
import email
import email.policy
import hashlib
import hmac
import re
import struct
import time

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio
from tests.support.server import running_server

PASSWORD = "correct-horse-42"
ADDRESS = "eileen@example.org"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site whose mail goes into files, so that addresses have to be verified."""
    folder = tmp_path_factory.mktemp("account")
    with running_server(folder / "data", EMAIL_URL=f"file://{folder}/mail") as running:
        running.mail = folder / "mail"
        yield running


def mailed_link(site):
    """The link in the newest mail."""
    newest = max(site.mail.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    letter = email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)
    return re.search(r"http://\S+", letter.get_body(("plain",)).get_content())[0]


def code(secret, at):
    """The six digits an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(at // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def test_a_guest_becomes_a_user_who_signs_in_with_a_second_step(open_page, site):
    page = open_page()
    photo = Studio.upload(page, site).page.url
    page.goto(f"{site.url}/account/signup/")
    page.fill("[name=email]", ADDRESS)
    page.fill("[name=password1]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    page.goto(mailed_link(site))
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_test_id("account-menu")).to_be_visible()
    page.goto(photo)
    expect(page.get_by_test_id("studio")).to_be_visible()

    page.goto(f"{site.url}/account/2fa/totp/activate/")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("[name=code]", code(secret, time.time()))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Recovery Codes")

    other = open_page()
    other.goto(f"{site.url}/account/login/")
    other.fill("[name=login]", ADDRESS)
    other.fill("[name=password]", PASSWORD)
    other.locator("main form button[type=submit]").first.click()
    expect(other.get_by_test_id("account-menu")).to_be_hidden()
    other.fill("[name=code]", code(secret, time.time() + 30))  # each code counts once
    other.locator("main form button[type=submit]").first.click()
    expect(other.get_by_test_id("account-menu")).to_be_visible()
    other.goto(photo)
    expect(other.get_by_test_id("studio")).to_be_visible()

    other.goto(f"{site.url}/account/preferences")
    other.select_option("#id_language", "ko")
    other.select_option("#id_theme", "dark")
    other.select_option("#id_default_export", "webp")
    other.get_by_test_id("save").click()
    expect(other.get_by_test_id("message")).to_have_text("환경 설정을 저장했습니다.")
    page.goto(photo)
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "ko")
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_test_id("download").click()
    expect(page.locator(".menu-list button").first).to_have_attribute(
        "data-testid", "download-webp"
    )


def test_a_passkey_signs_in_alone(open_page, server):
    page = open_page()
    site = server.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto(f"{site}/account/signup/")
    page.fill("[name=email]", "ruth@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_test_id("account-menu")).to_be_visible()

    page.goto(f"{site}/account/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.check("[name=passwordless]")
    page.locator("#mfa_webauthn_add").click()
    expect(page.get_by_test_id("message").first).to_be_visible()
    page.goto(f"{site}/account/2fa/webauthn/")
    expect(page.locator("main .badge")).to_have_text("Passkey")

    page.context.clear_cookies()
    page.goto(f"{site}/account/login/")
    page.locator("#passkey_login").click()
    expect(page.get_by_test_id("account-menu")).to_be_visible()

    page.goto(f"{site}/account/2fa/webauthn/")
    page.locator("main td a.danger").click()
    page.get_by_text("Use a security key").click()
    page.locator("#mfa_webauthn_reauthenticate").click()
    page.locator("main form button.danger").click()
    expect(page.get_by_test_id("message").first).to_be_visible()
    page.goto(f"{site}/account/2fa/webauthn/")
    expect(page.locator("main .badge")).to_have_count(0)


def test_a_token_is_made_shown_once_used_and_revoked(open_page, server):
    page = open_page(expected=("401", "422"))
    page.goto(f"{server.url}/account/signup/")
    page.fill("[name=email]", "scripts@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.goto(f"{server.url}/account/tokens")
    expect(page.get_by_test_id("no-tokens")).to_be_visible()
    page.fill("[name=name]", "archive script")
    page.get_by_test_id("create").click()
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    secret = page.get_by_test_id("secret").input_value()
    expect(page.get_by_test_id("token")).to_contain_text("archive script")

    def requested():
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.get(f"{server.url}/api/photos", headers=headers).status_code

    assert requested() == 200
    page.goto(f"{server.url}/account/tokens")
    expect(page.get_by_test_id("token")).to_have_count(1)
    expect(page.get_by_test_id("secret")).to_have_count(0)
    page.get_by_role("button", name="Revoke archive script").click()
    expect(page.get_by_test_id("no-tokens")).to_be_visible()
    assert requested() == 401


def test_pages_say_where_passkeys_work(open_page, server):
    page = open_page(locale="ko")
    page.goto(f"{server.url}/account/login/")
    expect(page.locator("#passkey_login")).to_be_disabled()
    expect(page.get_by_test_id("passkey-note")).to_contain_text(
        f"http://localhost:{server.port}/account/login/"
    )


def test_the_menu_works_by_keyboard(open_page, server):
    page = open_page()
    page.goto(f"{server.url}/account/signup/")
    page.fill("[name=email]", "keys@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    menu = page.get_by_test_id("account-menu")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("sign-out")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#account-menu') !== null")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sign-out")).to_be_hidden()
    expect(menu).to_be_focused()
