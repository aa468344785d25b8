"""What a user prefers is so everywhere."""

import pytest

from tests.support.people import guest, upload
from training.models import ModelVersion
from webapp.accounts.actor import Actor
from webapp.common.websocket.language import language_of
from webapp.photos import services
from webapp.studio.requests import request_colorization
from webapp.studio.selectors import model_for
from webapp.studio.views import studio_config


@pytest.fixture
def other(live):
    return ModelVersion.objects.create(
        name="other", sha256="1" * 64, folder="nowhere", net="unet", card={}, state="published"
    )


def save(client, **chosen):
    whole = {
        "language": "", "theme": "system", "default_model": "", "default_export": "png",
        "default_metadata": "all",
    }  # fmt: skip
    return client.post("/account/preferences", whole | chosen)


@pytest.fixture
def her(client, ada):
    client.force_login(ada)
    return client


def test_language_and_theme_hold_whatever_the_browser_says(her, live):
    save(her, language="ko", theme="dark")
    page = her.get("/", headers={"accept-language": "en"}).content.decode()
    assert 'lang="ko" data-theme="dark"' in page


def test_the_switches_in_the_header_are_stored_too(her, ada, live):
    her.post("/i18n/setlang/", {"language": "ko", "next": "/"})
    assert her.post("/account/theme", {"theme": "light"}).status_code == 204
    ada.refresh_from_db()
    assert (ada.language, ada.theme) == ("ko", "light")
    assert her.post("/account/theme", {"theme": "pink"}).status_code == 400


def test_a_websocket_speaks_the_accounts_language(ada):
    ada.language = "ko"
    scope = {"headers": [(b"accept-language", b"en")], "user": ada}
    assert language_of(scope) == "ko"
    ada.language = ""
    assert language_of(scope) == "en"


def test_the_chosen_model_colours(her, ada, other):
    save(her, default_model=str(other.pk))
    ada.refresh_from_db()
    photo = services.add_photo(actor=Actor(user=ada), upload=upload())
    assert photo.jobs.get().model_version == other
    theirs = services.add_photo(actor=guest(), upload=upload())
    assert theirs.jobs.get().model_version.is_live


def test_a_chosen_model_that_was_retired_gives_way_to_the_live_one(her, ada, other, live):
    save(her, default_model=str(other.pk))
    photo = services.add_photo(actor=Actor(user=ada), upload=upload())
    ModelVersion.objects.filter(pk=other.pk).update(state="retired")
    assert model_for(photo) == live
    assert request_colorization(photo=photo).model_version == live


def test_models_that_are_not_for_everybody_cannot_be_chosen(her, ada, other):
    for state in ("draft", "retired"):
        ModelVersion.objects.filter(pk=other.pk).update(state=state)
        assert save(her, default_model=str(other.pk)).status_code == 200
    assert save(her, default_export="bmp").status_code == 200
    assert save(her, language="tlh").status_code == 200
    ada.refresh_from_db()
    assert (ada.default_model, ada.default_export) == (None, "png")


def test_the_studio_puts_the_chosen_format_first(her, ada, live):
    save(her, default_export="webp")
    ada.refresh_from_db()
    photo = services.add_photo(actor=Actor(user=ada), upload=upload())
    assert studio_config(photo)["format"] == "webp"
    assert studio_config(services.add_photo(actor=guest(), upload=upload()))["format"] == "png"
