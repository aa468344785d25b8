"""Signing in with other accounts: what the environment offers, and what it leaves out."""

import os
import subprocess
import sys

import pytest

from tests.support.server import ROOT
from webapp.settings.errors import ConfigError
from webapp.settings.social import social_from_env

OIDC = {"SOCIAL_OIDC": "id:secret", "SOCIAL_OIDC_URL": "https://login.example.org/realm"}


def test_nothing_is_offered_by_default():
    social = social_from_env({})
    assert (social.apps, social.providers, social.origins) == ((), {}, ())


def test_a_provider_is_one_variable():
    social = social_from_env({"SOCIAL_GITHUB": "id:sec:ret"})
    assert social.apps == ("allauth.socialaccount.providers.github",)
    assert social.providers["github"]["APPS"] == [{"client_id": "id", "secret": "sec:ret"}]
    assert social.origins == ("https://github.com",)


def test_any_other_provider_has_an_address():
    social = social_from_env(OIDC)
    app = social.providers["openid_connect"]["APPS"][0]
    assert (app["name"], app["settings"]["server_url"]) == (
        "login.example.org",
        "https://login.example.org/realm",
    )
    assert social.origins == ("https://login.example.org",)


@pytest.mark.parametrize(
    "env",
    [
        {"SOCIAL_GOOGLE": "id"},
        {"SOCIAL_GOOGLE": ":secret"},
        {"SOCIAL_OIDC": "id:secret"},
        OIDC | {"SOCIAL_OIDC_URL": "http://login.example.org"},
    ],
)
def test_half_a_configuration_is_refused(env):
    with pytest.raises(ConfigError, match=next(iter(env))):
        social_from_env(env)


def test_a_configured_site_shows_its_providers_and_lets_the_browser_go_there(tmp_path):
    script = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
page = Client().get("/account/login/", HTTP_HOST="localhost")
print(page.content.decode(), page.headers["Content-Security-Policy"])
"""
    env = {
        **os.environ, **OIDC, "SOCIAL_KAKAO": "id:secret", "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "webapp.settings",
    }  # fmt: skip
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert "/account/kakao/login/" in shown.stdout
    assert "/account/oidc/oidc/login/" in shown.stdout
    assert "form-action 'self' https://kauth.kakao.com https://login.example.org" in shown.stdout
