"""XMP packets of any origin, read without harm."""

import codecs
from xml.etree.ElementTree import ParseError

import pytest

from colorizer.metadata.xmp import parse_xmp

PACKET = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
PLAIN = PACKET % "Three sisters"
EXPANDING = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>' + PACKET % "&b;"


@pytest.mark.parametrize("packet", [PLAIN, "\ufeff" + PLAIN, PACKET % "<![CDATA[Three sisters]]>"])
def test_a_title_is_read_from_utf_8(packet):
    assert parse_xmp(packet.encode())["title"] == "Three sisters"


def test_declared_entities_are_not_expanded():
    assert parse_xmp(EXPANDING.encode()) == {}


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF16_BE])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_does_not_hide_a_declaration(encoding, mark):
    with pytest.raises((UnicodeDecodeError, ParseError)):
        parse_xmp(mark + EXPANDING.encode(encoding))
