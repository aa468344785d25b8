"""Every sentence of the site is there in every language, and the compiled catalogues are fresh."""

import io
from pathlib import Path

from django.test import Client
from django.utils.translation import gettext as translate
from django.utils.translation import override

from scripts import messages


def test_every_sentence_has_its_words_and_the_compiled_catalogues_are_fresh() -> None:
    assert messages.problems() == []


def test_a_catalogue_that_is_up_to_date_stays_as_it_is(tmp_path: Path, monkeypatch) -> None:
    (committed,) = messages.catalogues()
    copy = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(committed.read_bytes())
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.update()
    assert copy.read_text() == committed.read_text()


class TestACatalogueWithFaults:
    HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'

    def problems(self, tmp_path, monkeypatch, text):
        path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True)
        path.write_text(self.HEADER + text)
        monkeypatch.setattr(messages, "ROOT", tmp_path)
        monkeypatch.setattr(messages, "LOCALE", tmp_path)
        monkeypatch.setattr(messages, "SOURCES", ("code",))
        monkeypatch.setattr(messages, "CONTRACT", tmp_path / "openapi.json")
        messages.CONTRACT.write_text('{"paths": {}}')
        (tmp_path / "code").mkdir()
        (tmp_path / "code" / "site.py").write_text('_("%(count)d photos"); gettext("Not yet")\n')
        path.with_suffix(".mo").write_bytes(messages.compiled(messages.read(path)))
        return messages.problems()

    def test_a_sentence_that_it_lacks_is_named(self, tmp_path, monkeypatch):
        found = self.problems(tmp_path, monkeypatch, 'msgid "Not yet"\nmsgstr "아직"\n')
        assert found == ["ko/LC_MESSAGES/django.po lacks: '%(count)d photos'"]

    def test_words_that_are_missing_or_take_other_values_are_named(self, tmp_path, monkeypatch):
        text = (
            '#, python-format\nmsgid "%(count)d photos"\nmsgstr "사진 %(number)d장"\n\n'
            'msgid "Not yet"\nmsgstr ""\n'
        )
        placeholder, empty = self.problems(tmp_path, monkeypatch, text)
        assert "'%(count)d photos'" in placeholder
        assert empty == "ko/LC_MESSAGES/django.po: no words: 'Not yet'"

    def test_a_sentence_that_went_is_named(self, tmp_path, monkeypatch):
        text = 'msgid "Not yet"\nmsgstr "아직"\n\nmsgid "Gone"\nmsgstr "없음"\n\n'
        text += 'msgid "%(count)d photos"\nmsgstr "사진 %(count)d장"\n'
        found = self.problems(tmp_path, monkeypatch, text)
        assert found == ["ko/LC_MESSAGES/django.po has a sentence that nothing says: 'Gone'"]


def test_templates_and_code_are_both_looked_through() -> None:
    found = messages.collect()
    assert "Your photos" in found
    assert "The file is empty." in found
    assert "Ask for a full-size result" in found, "a sentence of the API's description"


def test_brackets_and_plurals_in_a_templates_sentence_are_part_of_it() -> None:
    source = (
        b"{% blocktranslate %}Packages (torch, 'Optuna') are missing.{% endblocktranslate %}"
        b"<p>It's {% blocktranslate count n=n %}one"
        b"{% plural %}{{ n }} photos{% endblocktranslate %}"
    )
    found = messages.from_template(io.BytesIO(source), messages.KEYWORDS, (), {})
    assert [(name, words) for _, name, words, _ in found] == [
        ("gettext", "Packages (torch, 'Optuna') are missing."),
        ("ngettext", ("one", "%(n)s photos")),
    ]


def test_the_site_speaks_korean() -> None:
    with override("ko"):
        assert translate("Your photos") == "내 사진"


def test_the_error_page_of_a_missing_photo_speaks_the_visitors_language(db: None) -> None:
    address = "/photos/00000000-0000-0000-0000-000000000000"
    response = Client(headers={"accept-language": "ko"}).get(address)
    assert response.status_code == 404
    assert "이 주소에는 아무것도 없습니다." in response.content.decode()
