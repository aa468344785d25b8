"""Names in the code pages that people's ZIPs have."""

import pytest

from colorizer.codepages import decode_names

NAMES = {
    "cp949": ["할머니/가족.jpg", "결혼식 1962.jpg", "IMG_1.jpg"],
    "cp932": ["おばあちゃん/家族.jpg", "東京タワー.jpg"],
    "gbk": ["奶奶/全家福.jpg", "北京 1957.jpg"],
    "big5": ["祖母/全家福.jpg", "台北車站.jpg"],
    "cp1252": ["Großmutter/Müller.jpg", "Zürich.jpg", "Façade d'été.jpg"],
    "cp850": ["Großmutter/Müller.jpg", "Året på gården.jpg", "João e Conceição.jpg"],
    "cp1250": ["Babička/Dvořák.jpg", "Łódź.jpg"],
    "cp1251": ["Бабушка/семья.jpg", "Москва 1957.jpg"],
    "cp866": ["Бабушка/семья.jpg", "Москва 1957.jpg"],
    "koi8_r": ["Бабушка/семья.jpg", "Москва 1957.jpg"],
    "cp1253": ["γιαγιά/οικογένεια.jpg"],
    "cp737": ["γιαγιά/οικογένεια.jpg"],
    "cp1255": ["סבתא/משפחה.jpg"],
    "cp862": ["סבתא/משפחה.jpg"],
    "cp852": ["Babička.jpg", "Žďár/léto.jpg"],
    "cp1254": ["Büyükanne.jpg", "Çocuklar İstanbul.jpg"],
    "cp857": ["Büyükanne.jpg", "Çocuklar İstanbul.jpg"],
    "cp1256": ["جدتي.jpg", "العائلة.jpg"],
    "cp1257": ["Močiutė.jpg", "Šeima žiemą.jpg"],
    "cp874": ["คุณยาย.jpg", "ครอบครัว.jpg"],
    "utf-8": ["Großmutter/할머니.jpg"],
}


@pytest.mark.parametrize("page", NAMES)
def test_names_are_read_in_the_code_page_they_were_written_in(page):
    assert decode_names([name.encode(page) for name in NAMES[page]]) == NAMES[page]


def test_the_names_of_an_archive_are_read_together():
    first, second = "é.jpg", "Großmutter Müller.jpg"
    assert decode_names([first.encode("cp1252"), second.encode("cp1252")]) == [first, second]


def test_no_bytes_are_too_odd():
    assert decode_names([bytes(range(1, 256))])
