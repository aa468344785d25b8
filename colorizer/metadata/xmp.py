"""XMP: the known fields out of a packet, and a packet made anew for a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from colorizer.metadata.fields import Metadata

_NS = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "rehue": "urn:rehue:result:1",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TEXTS = {
    "title": "dc:title",
    "caption": "dc:description",
    "copyright": "dc:rights",
    "taken": "photoshop:DateCreated",
    "digitized": "xmp:CreateDate",
    "credit": "photoshop:Credit",
    "source": "photoshop:Source",
    "location": "Iptc4xmpCore:Location",
    "city": "photoshop:City",
    "state": "photoshop:State",
    "country": "photoshop:Country",
}
_LISTS = {"people": "Iptc4xmpExt:PersonInImage", "keywords": "dc:subject", "creator": "dc:creator"}
_LOCALIZED = {"title", "caption", "copyright"}
_READ_TOO = {"taken": "exif:DateTimeOriginal", "digitized": "exif:DateTimeDigitized"}
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's name for a photo that a trained model had a part in."""

for _prefix, _uri in _NS.items():
    ElementTree.register_namespace(_prefix, _uri)


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """How a result came to be, said in the file itself.

    Attributes:
        software: name and version.
        model: name of the model version; empty for colours that were brought in, of which nothing
            is known.
        hints: how many hints it was coloured with.
        hint_set: where they can be had, an address or a file's name; empty without any.
    """

    software: str
    model: str
    hints: int = 0
    hint_set: str = ""


def parse_xmp(data: bytes) -> dict[str, Any]:
    """Return the fields that XMP knows, and ``orientation``, not yet cleaned."""
    # In photos XMP is UTF-8 (ISO 16684-1); in another encoding a declaration of entities would hide
    # from the search for it.
    text = data.decode().strip("\0 \r\n\t\ufeff")
    if "<!DOCTYPE" in text:
        return {}
    root = ElementTree.fromstring(text)  # noqa: S314  (nothing is declared in it that could expand)
    properties = _properties(root)
    found: dict[str, Any] = {
        name: properties[key][0]
        for table in (_READ_TOO, _TEXTS)
        for name, key in table.items()
        if properties.get(key)
    }
    found |= {name: properties[key] for name, key in _LISTS.items() if properties.get(key)}
    regions = [name.text or "" for name in root.iter(_name("mwg-rs:Name"))]
    regions += [one.get(_name("mwg-rs:Name"), "") for one in root.iter(_name("rdf:Description"))]
    if any(regions):
        found["people"] = [*found.get("people", []), *filter(None, regions)]
    for name in ("latitude", "longitude"):
        text = next(iter(properties.get(f"exif:GPS{name.title()}", [])), "")
        if text:
            found[name] = _degrees(text)
    turned = next(iter(properties.get("tiff:Orientation", [])), "")
    if turned.isdigit():
        found["orientation"] = int(turned)
    return found


def make_xmp(metadata: Metadata, provenance: Provenance | None) -> bytes:
    """Return a packet for a result, in UTF-8; empty where there is nothing to say."""
    description = ElementTree.Element(_name("rdf:Description"), {_name("rdf:about"): ""})
    for name, key in _TEXTS.items():
        value = getattr(metadata, name)
        if value and name in _LOCALIZED:
            _container(description, key, "Alt", [value])
        elif value:
            ElementTree.SubElement(description, _name(key)).text = value
    for name, key in _LISTS.items():
        values = getattr(metadata, name)
        if values:
            _container(description, key, "Seq" if name == "creator" else "Bag", values)
    if metadata.latitude is not None and metadata.longitude is not None:
        for axis, degrees, signs in (
            ("Latitude", metadata.latitude, "NS"),
            ("Longitude", metadata.longitude, "EW"),
        ):
            text = f"{int(abs(degrees))},{abs(degrees) % 1 * 60:.6f}{signs[degrees < 0]}"
            ElementTree.SubElement(description, _name(f"exif:GPS{axis}")).text = text
    if provenance is not None:
        _tell(description, provenance)
    if not len(description):
        return b""
    ElementTree.SubElement(description, _name("tiff:Orientation")).text = "1"
    meta = ElementTree.Element(_name("x:xmpmeta"))
    ElementTree.SubElement(meta, _name("rdf:RDF")).append(description)
    packet = bytes(ElementTree.tostring(meta, encoding="utf-8"))
    packet = packet.removeprefix(b"<?xml version='1.0' encoding='utf-8'?>\n")
    begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
    return begin + packet + b'<?xpacket end="w"?>'


def _tell(description: ElementTree.Element, provenance: Provenance) -> None:
    if not provenance.model:
        ElementTree.SubElement(description, _name("xmp:CreatorTool")).text = provenance.software
        return
    facts = {
        "Iptc4xmpExt:DigitalSourceType": SOURCE_TYPE,
        "Iptc4xmpExt:AISystemUsed": provenance.software.partition(" ")[0],
        "Iptc4xmpExt:AISystemVersionUsed": provenance.model,
        "xmp:CreatorTool": provenance.software,
        "rehue:Model": provenance.model,
        "rehue:HintCount": str(provenance.hints),
        "rehue:HintSet": provenance.hint_set,
    }
    for key, value in facts.items():
        if value:
            ElementTree.SubElement(description, _name(key)).text = value


def _name(key: str) -> str:
    prefix, _, name = key.partition(":")
    return f"{{{_NS[prefix]}}}{name}"


def _container(parent: ElementTree.Element, key: str, kind: str, values: Any) -> None:
    inner = ElementTree.SubElement(ElementTree.SubElement(parent, _name(key)), _name(f"rdf:{kind}"))
    for value in values:
        item = ElementTree.SubElement(inner, _name("rdf:li"))
        item.text = value
        if kind == "Alt":
            item.set(_XML_LANG, "x-default")


def _properties(root: ElementTree.Element) -> dict[str, list[str]]:
    """Return the values of all properties at the top of a packet, by prefixed name."""
    prefixes = {uri: prefix for prefix, uri in _NS.items()}
    found: dict[str, list[str]] = {}

    def add(name: str, values: list[str]) -> None:
        uri, _, local = name[1:].partition("}")
        if uri in prefixes and any(values):
            found.setdefault(f"{prefixes[uri]}:{local}", [one for one in values if one])

    for description in root.findall("rdf:RDF/rdf:Description", _NS) or root.findall(
        ".//rdf:Description", _NS
    ):
        for name, value in description.attrib.items():
            add(name, [value])
        for element in description:
            items = element.findall("*/rdf:li", _NS)
            # The default language first.
            items.sort(key=lambda item: item.get(_XML_LANG, "x-default") != "x-default")
            add(element.tag, [item.text or "" for item in items] or [element.text or ""])
    return {name: [value.strip() for value in values] for name, values in found.items()}


def _degrees(text: str) -> float | None:
    """Return degrees of XMP's ``51,30.5N`` or ``51,30,30N``."""
    try:
        parts = [float(part) for part in text[:-1].split(",")]
    except ValueError:
        return None
    degrees = sum((part / 60.0**place for place, part in enumerate(parts[:3])), 0.0)
    return -degrees if text[-1:].upper() in {"S", "W"} else degrees
