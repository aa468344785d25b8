"""The API's page says everything, in the reader's language."""

import json
import re

import pytest
from django.template import Context, Template
from django.utils import translation

from scripts.contract import PATH
from webapp.api.docs import groups, sentences

DOCUMENT = json.loads(PATH.read_text())


def page(client, language):
    client.cookies["rehue_language"] = language
    return client.get("/api/docs").content.decode()


def test_every_operation_of_the_document_is_on_the_page():
    shown = {(one.method, one.path) for group in groups(DOCUMENT).values() for one in group}
    there = {(m.upper(), path) for path, methods in DOCUMENT["paths"].items() for m in methods}
    assert shown == there


def test_errors_are_reported_in_words_though_the_document_only_refers_to_them():
    (upload,) = (one for one in groups(DOCUMENT)["photos"] if one.anchor == "upload_photo")
    answers = {field.name: field for field in upload.responses}
    assert answers["413"].description == "Too large."
    assert (answers["201"].kind, answers["201"].description) == ("PhotoOut", "")


def test_every_sentence_is_korean_for_koreans():
    with translation.override("ko"):
        english = {
            sentence
            for sentence in filter(None, sentences(DOCUMENT))
            if not re.search("[가-힣]", translation.gettext(sentence))
        }
    assert english == set()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Ask for a full-size result", "required"]), ("ko", ["원본 크기 결과 요청", "필수"])],
)
@pytest.mark.django_db
def test_the_page_speaks_the_reader_s_language(client, language, words):
    html = page(client, language)
    assert all(word in html for word in words)
    assert ("Ask for a full-size result" in html) == (language == "en")
    assert "<code>UPLOAD_PIECE_MAX_BYTES</code>" in html


def test_what_is_marked_as_code_is_code_and_the_rest_is_text():
    template = Template("{% load prose %}{{ words|prose }}")
    html = template.render(Context({"words": "a <b> and `x < {y}` {z}"}))
    assert html == "a &lt;b&gt; and <code>x &lt; {y}</code> {z}"
    assert template.render(Context({"words": ""})) == ""
