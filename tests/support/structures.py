"""Files made piece by piece, each piece drawn: whole formats with anything in their fields."""

import struct
import zlib

from hypothesis import strategies as st

from tests.support.pictures import encoded, grey_astronaut

_SMALL = grey_astronaut(40, 32)
_PROGRESSIVE = encoded(_SMALL, "JPEG", progressive=True)
_NUMBERS = st.one_of(st.integers(0, 70), st.sampled_from([0, 1, 255, 4096, 46336, 65535, 2**31]))
_BYTES = st.binary(max_size=60)


def jpegs():
    """Segments of a progressive JPEG in any order and number, with foreign ones between them."""
    cuts, at = [], 2
    while at < len(_PROGRESSIVE) - 2:
        following = _PROGRESSIVE.find(b"\xff", at + 2)
        while following >= 0 and _PROGRESSIVE[following + 1] in {0, *range(0xD0, 0xD8)}:
            following = _PROGRESSIVE.find(b"\xff", following + 2)
        following = following if following > 0 else len(_PROGRESSIVE) - 2
        cuts.append(_PROGRESSIVE[at:following])
        at = following
    own = st.sampled_from(cuts)
    foreign = st.builds(
        lambda marker, body: struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body,
        st.integers(0xC0, 0xFE),
        _BYTES,
    )
    frame = st.builds(
        lambda kind, bits, height, width: struct.pack(
            ">BBHBHHB3B", 0xFF, kind, 11, bits, height & 0xFFFF, width & 0xFFFF, 1, 1, 0x11, 0
        ),
        st.sampled_from([0xC0, 0xC1, 0xC2, 0xC3, 0xC9]),
        st.sampled_from([8, 12, 16]),
        _NUMBERS,
        _NUMBERS,
    )
    order = st.one_of(
        st.just(cuts), st.lists(st.one_of(own, own, foreign, frame), min_size=1, max_size=30)
    )
    tail = st.lists(own, max_size=60)
    return st.builds(lambda a, b: b"\xff\xd8" + b"".join([*a, *b]) + b"\xff\xd9", order, tail)


def tiffs():
    """A directory of any tags: sizes of tiles and strips, depths, packings, offsets anywhere."""
    tags = (254, 256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 322, 323, 324, 325,
            330, 338, 339, 34377, 34665, 50706)  # fmt: skip
    packings = (1, 5, 6, 7, 8, 32773, 32946, 34712, 50000)
    field = st.tuples(st.sampled_from(tags), st.integers(1, 13), _NUMBERS, _NUMBERS)
    usual = st.fixed_dictionaries(
        {256: _NUMBERS, 257: _NUMBERS, 258: st.sampled_from([1, 8, 16, 32]),
         259: st.sampled_from(packings), 262: st.integers(0, 9), 277: st.integers(0, 5)},
        optional={278: _NUMBERS, 322: _NUMBERS, 323: _NUMBERS, 273: _NUMBERS, 279: _NUMBERS,
                  324: _NUMBERS, 325: _NUMBERS, 339: st.integers(0, 6)},
    )  # fmt: skip

    def build(values, more, data, after):
        entries = {tag: (4, 1, value) for tag, value in values.items()}
        entries |= {tag: (kind, count, value) for tag, kind, count, value in more}
        at = 8 + len(data)
        packed = b"".join(
            struct.pack("<HHII", tag, kind, count & 0xFFFFFFFF, value & 0xFFFFFFFF)
            for tag, (kind, count, value) in sorted(entries.items())
        )
        return (
            b"II*\0" + struct.pack("<I", at) + data + struct.pack("<H", len(entries)) + packed
            + struct.pack("<I", after & 0xFFFFFFFF)
        )  # fmt: skip

    bodies = st.one_of(_BYTES, st.binary(max_size=4000), st.just(zlib.compress(bytes(5000))))
    wild = st.builds(build, usual, st.lists(field, max_size=4), bodies, _NUMBERS)
    sides = st.tuples(st.integers(16, 64), st.integers(16, 64), st.sampled_from([1, 8, 32946]))

    def right(size, more, after):
        width, height, packing = size
        pixels = bytes(range(256)) * 16
        data = pixels[: width * height] if packing == 1 else zlib.compress(pixels[: width * height])
        values = {256: width, 257: height, 258: 8, 259: packing, 262: 1, 273: 8, 277: 1,
                  278: height, 279: len(data)}  # fmt: skip
        return build(values, more, data, after)

    return st.one_of(wild, st.builds(right, sides, st.lists(field, max_size=2), st.just(0)))


def pngs():
    """Chunks of any kind, with their sums right, so that what is in them is read."""
    header = st.builds(
        lambda w, h, depth, color, lace: struct.pack(
            ">IIBBBBB", w & 0xFFFFFFFF, h & 0xFFFFFFFF, depth, color, 0, 0, lace
        ),
        _NUMBERS,
        _NUMBERS,
        st.sampled_from([1, 2, 4, 8, 16, 3]),
        st.sampled_from([0, 2, 3, 4, 6, 5]),
        st.integers(0, 2),
    )
    pixels = st.one_of(_BYTES, st.integers(0, 20_000).map(lambda n: zlib.compress(bytes(n))))
    kinds = (b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"iCCP", b"sRGB", b"eXIf", b"iTXt", b"zTXt",
             b"pHYs", b"acTL", b"fcTL", b"bKGD", b"sBIT")  # fmt: skip
    others = st.lists(st.tuples(st.sampled_from(kinds), _BYTES), max_size=6)

    def build(first, more, data):
        parts = [(b"IHDR", first), *more, (b"IDAT", data), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + kind + body
            + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
        )  # fmt: skip

    return st.builds(build, header, others, pixels)


def zips():
    """Records of a ZIP whose counts, sizes and offsets are anything."""
    number32 = st.one_of(_NUMBERS, st.just(0xFFFFFFFF))
    name = st.binary(min_size=1, max_size=20)

    def entry(flags, method, sizes, entry_name, extra, attributes, at):
        packed, size = (one & 0xFFFFFFFF for one in sizes)
        lengths = (len(entry_name), len(extra))
        local = struct.pack(
            "<4s5H3I2H", b"PK\3\4", 20, flags, method, 0, 0x21, 0, packed, size, *lengths
        )
        central = struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, flags, method, 0, 0x21, 0, packed, size, *lengths,
            0, 0, 0, attributes & 0xFFFFFFFF, at & 0xFFFFFFFF,
        )  # fmt: skip
        return local + entry_name + extra + b"data", central + entry_name + extra

    entries = st.lists(
        st.builds(
            entry, st.integers(0, 0xFFFF), st.sampled_from([0, 8, 9, 12, 14, 93, 99]),
            st.tuples(number32, number32), name, _BYTES, number32, _NUMBERS,
        ),
        max_size=5,
    )  # fmt: skip

    def build(parts, count, size, at, comment):
        bodies = b"".join(body for body, _ in parts)
        directory = b"".join(record for _, record in parts)
        count = len(parts) if count is None else count & 0xFFFF
        size = len(directory) if size is None else size & 0xFFFFFFFF
        at = len(bodies) if at is None else at & 0xFFFFFFFF
        end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, at, len(comment))
        return bodies + directory + end + comment

    perhaps = st.one_of(st.none(), _NUMBERS)
    return st.builds(build, entries, perhaps, perhaps, perhaps, _BYTES)
