"""Every sentence of the site is there in every language, and the compiled catalogues are fresh."""

import gettext
import io
from pathlib import Path

from django.test import Client
from django.utils.translation import gettext as translate
from django.utils.translation import override

from scripts import messages


def test_every_sentence_has_its_words_and_the_compiled_catalogues_are_fresh() -> None:
    assert messages.problems() == []


def test_a_catalogue_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    entries = {
        ("",): ("Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n",),
        ('Say "yes"\\no.',): ("두 줄\n말",),
        ("%d photo", "%d photos"): ("사진 %d장",),
    }
    messages.write_po(tmp_path / "django.po", entries, {})
    assert messages.read_po(tmp_path / "django.po") == entries


def test_the_compiled_form_is_what_gettext_reads() -> None:
    entries = {
        ("",): ("Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n",),
        ("Your photos",): ("내 사진",),
        ("%d photo", "%d photos"): ("사진 %d장",),
        ("Not yet",): ("",),
    }
    catalogue = gettext.GNUTranslations(io.BytesIO(messages.compiled(entries)))
    assert catalogue.gettext("Your photos") == "내 사진"
    assert catalogue.ngettext("%d photo", "%d photos", 3) == "사진 %d장"
    assert catalogue.gettext("Not yet") == "Not yet"


def test_templates_and_code_are_both_looked_through() -> None:
    places = messages.collect()
    assert "webapp/templates/library/index.html" in places[("Your photos",)]
    assert "webapp/library/intake.py" in places[("The file is empty.",)]


def test_brackets_in_a_templates_sentence_are_part_of_it() -> None:
    source = "{% blocktranslate %}Packages (torch, Optuna) are missing.{% endblocktranslate %}"
    assert messages._in_template(source) == [("Packages (torch, Optuna) are missing.",)]


def test_the_site_speaks_korean() -> None:
    with override("ko"):
        assert translate("Your photos") == "내 사진"


def test_the_error_page_of_a_missing_photo_speaks_the_visitors_language(db: None) -> None:
    address = "/photos/00000000-0000-0000-0000-000000000000"
    response = Client(headers={"accept-language": "ko"}).get(address)
    assert response.status_code == 404
    assert "이 주소에는 아무것도 없습니다." in response.content.decode()
