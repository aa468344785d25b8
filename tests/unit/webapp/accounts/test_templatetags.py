"""Initials and browsers, in words."""

from webapp.accounts.models import User
from webapp.accounts.templatetags.accounts import browser, initials


def test_initials_are_letters():
    assert initials(User(email="ada.lovelace@example.org")) == "AL"
    assert initials(User(email="eileen1999@example.org")) == "E"
    assert initials(User(first_name="은주", last_name="김", email="x@example.org")) == "은김"
    assert initials(User(username="42")) == "?"


def test_a_browser_is_called_by_its_name():
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140"
    assert browser(firefox) == "Firefox · Linux"
    assert browser(edge) == "Edge · Windows"
    assert browser("curl/8") == "curl/8"
    assert browser("") == "?"
