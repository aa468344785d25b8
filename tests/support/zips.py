"""ZIPs for tests: ordinary ones, and some that nobody would make on purpose."""

import io
import json
import stat
import zipfile

from tests.support.pictures import encoded, grey_astronaut

LINK = (stat.S_IFLNK | 0o777) << 16


def zipped(files, *, method=zipfile.ZIP_DEFLATED):
    """A ZIP of ``files``: names to bytes, to JSON values, or to pairs of attributes and bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in files.items():
            attributes, data = content if isinstance(content, tuple) else (0, content)
            if not isinstance(data, bytes):
                data = json.dumps(data).encode()
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = attributes
            archive.writestr(info, data)
    return sink.getvalue()


def named(raw, data=b"x"):
    """A ZIP of one file whose name is these very bytes, without a word on their encoding."""
    placeholder = "x" * len(raw)
    return zipped({placeholder: data}).replace(placeholder.encode(), raw)


def flagged(data, bits):
    """The ZIP with these bits set in the flags of every entry."""
    changed = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(magic)
        while at >= 0:
            changed[at + offset] |= bits
            at = changed.find(magic, at + 4)
    return bytes(changed)


def portraits(count, *, bad=(), folder="scans", width=96, height=64):
    """A ZIP of small portraits, of which those with a number in ``bad`` are no pictures."""
    picture = encoded(grey_astronaut(width, height), "JPEG", quality=90)
    return zipped(
        {
            f"{folder}/{number:04}.jpg": b"no picture at all" if number in bad else picture
            for number in range(1, count + 1)
        },
        method=zipfile.ZIP_STORED,
    )
