"""ICC profiles made by hand, whose effect can be told without a colour management library."""

import struct

# PCS (D50) colorants of sRGB's primaries.
SRGB = {"r": (0.4361, 0.2225, 0.0139), "g": (0.3851, 0.7169, 0.0971), "b": (0.1431, 0.0606, 0.7139)}
D50 = (0.9642, 1.0, 0.8249)


def _fixed(value):
    return struct.pack(">i", round(value * 65536))


def _xyz(values):
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _description(text):
    raw = text.encode() + b"\0"
    tag = b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw + b"\0" * (4 + 4 + 2 + 1 + 67)
    return tag + b"\0" * (-len(tag) % 4)


def _profile(space, tags):
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    size = 128 + len(table) + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", space, b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += b"".join(_fixed(value) for value in D50)
    return header.ljust(128, b"\0") + table + body


def swapped_red_and_blue():
    """An RGB profile whose red is sRGB's blue and whose blue is sRGB's red, with gamma 2.2."""
    return _profile(
        b"RGB ",
        {
            b"desc": _description("red and blue change places"),
            b"wtpt": _xyz(D50),
            b"rXYZ": _xyz(SRGB["b"]),
            b"gXYZ": _xyz(SRGB["g"]),
            b"bXYZ": _xyz(SRGB["r"]),
            b"rTRC": _gamma(2.2),
            b"gTRC": _gamma(2.2),
            b"bTRC": _gamma(2.2),
        },
    )


def linear_grey():
    """A grey profile without gamma: its middle is much lighter than sRGB's."""
    return _profile(
        b"GRAY",
        {b"desc": _description("linear"), b"wtpt": _xyz(D50), b"kTRC": _gamma(1.0)},
    )
