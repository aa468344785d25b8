"""ZIPs that people bring, and ZIPs that somebody made to do harm."""

import io
import struct
import zipfile

import pytest

from tests.support.zips import LINK, flagged, named, zipped
from webapp.batches.archives import is_zip, list_entries, open_archive, read_entry
from webapp.batches.errors import InvalidBatchError


def entries(data):
    with open_archive(io.BytesIO(data)) as archive:
        return list_entries(archive)


def paths(data):
    return [one.path for one in entries(data)]


def refusal(data):
    with pytest.raises(InvalidBatchError) as caught:
        entries(data)
    return caught.value


def test_files_are_listed_with_their_folders_and_without_what_systems_leave_behind():
    data = zipped({
        "scans/": b"", "scans/1.jpg": b"a", "scans/deep/2.png": b"bb",
        "__MACOSX/scans/._1.jpg": b"", "scans/.DS_Store": b"", "Thumbs.db": b"",
        "scans/.git/x.jpg": b"",
    })  # fmt: skip
    found = entries(data)
    assert [(one.path, one.size) for one in found] == [("scans/1.jpg", 1), ("scans/deep/2.png", 2)]
    with open_archive(io.BytesIO(data)) as archive:
        assert read_entry(archive, found[1].index, 9) == b"bb"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("사진/할머니.jpg".encode(), "사진/할머니.jpg"),
        ("사진/할머니.jpg".encode("cp949"), "사진/할머니.jpg"),
        ("Café.jpg".encode("cp437"), "Café.jpg"),
        ("Übung.jpg".encode("cp437"), "Übung.jpg"),
        (b"scans\\1.jpg", "scans/1.jpg"),
        (b"./scans//1.jpg", "scans/1.jpg"),
    ],
)
def test_names_are_read_whatever_the_program_that_wrote_them_held_names_to_be(raw, name):
    assert paths(named(raw)) == [name]


def test_names_marked_as_utf8_are_composed():
    decomposed = "\u1112\u1161\u11ab.jpg"
    assert paths(zipped({decomposed: b"x"})) == ["한.jpg"]


def test_a_unicode_name_beside_a_plain_one_wins():
    raw = b"_____.jpg"
    field = b"\x01" + zipfile.crc32(raw).to_bytes(4, "little") + "할머니.jpg".encode()
    info = zipfile.ZipInfo(raw.decode())
    info.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(info, b"x")
    assert paths(sink.getvalue()) == ["할머니.jpg"]


@pytest.mark.parametrize(
    "name",
    ["../x.jpg", "a/../../x.jpg", "..\\x.jpg", "/etc/passwd", "C:\\x.jpg", "\\\\host\\x.jpg"],
)
def test_a_path_that_leads_elsewhere_is_refused_by_name(name):
    error = refusal(zipped({"fine.jpg": b"x", name: b"x"}))
    assert (error.status, error.code) == (422, "bad_path")
    assert name.replace("\\", "/")[-5:] in str(error).replace("\\", "/")


@pytest.mark.parametrize("raw", [b"a\x01b.jpg", b"n\x1bewline.jpg"])
def test_a_name_with_control_characters_is_refused(raw):
    assert refusal(named(raw)).code == "bad_name"


def test_a_very_long_name_is_refused():
    assert refusal(zipped({"a" * 500 + ".jpg": b"x"})).code == "bad_name"


def test_a_link_is_refused_by_name():
    error = refusal(zipped({"photo.jpg": (LINK, b"/etc/passwd")}))
    assert (error.status, error.code) == (422, "link")
    assert "photo.jpg" in str(error)


def test_an_encrypted_file_is_refused_by_name():
    error = refusal(flagged(zipped({"secret.jpg": b"x"}), 0x1))
    assert error.code == "encrypted"
    assert "secret.jpg" in str(error)


@pytest.mark.parametrize("name", ["inner.zip", "inner.ZIP", "a/b.7z", "c.tar.gz"])
def test_an_archive_within_is_refused_by_name(name):
    error = refusal(zipped({"a.jpg": b"x", name: zipped({"b.jpg": b"x"})}))
    assert error.code == "nested_archive"
    assert name in str(error)


def test_a_file_that_unpacks_to_far_more_is_refused(settings):
    error = refusal(zipped({"bomb.jpg": bytes(3 << 20)}))
    assert error.code == "zip_bomb"
    settings.BATCH_MAX_RATIO = 10_000
    assert paths(zipped({"bomb.jpg": bytes(3 << 20)})) == ["bomb.jpg"]


def test_many_files_that_unpack_to_far_more_together_are_refused():
    assert refusal(zipped({f"{n}.jpg": bytes(500_000) for n in range(9)})).code == "zip_bomb"


def test_more_than_may_be_unpacked_is_refused_before_anything_is(settings):
    settings.BATCH_MAX_UNPACKED_BYTES = 2000
    files = {"a.jpg": b"x" * 1500, "b.jpg": b"y" * 1500}
    error = refusal(zipped(files, method=zipfile.ZIP_STORED))
    assert (error.status, error.code) == (413, "too_large_unpacked")


def test_a_size_that_lies_is_held_to():
    """Whatever an entry holds, no more comes out of it than its directory says."""
    honest = zipped({"a.jpg": b"x" * 5000})
    lying = honest.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with open_archive(io.BytesIO(lying)) as archive:
        assert list_entries(archive)[0].size == 10
        with pytest.raises(zipfile.BadZipFile):
            read_entry(archive, 0, 5000)


def test_ten_thousand_tiny_files_are_refused_by_their_number():
    error = refusal(zipped({f"{n}.jpg": b"" for n in range(10_000)}, method=zipfile.ZIP_STORED))
    assert (error.status, error.code) == (413, "too_many_files")
    assert "10000" in str(error)
    assert "2000" in str(error)


def test_one_file_more_than_may_be_is_refused(settings):
    settings.BATCH_MAX_FILES = 3
    assert len(paths(zipped({f"{n}.jpg": b"" for n in range(3)}))) == 3
    assert refusal(zipped({f"{n}.jpg": b"" for n in range(4)})).code == "too_many_files"


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100), b"", b"x" * 70_000])
def test_what_is_no_whole_zip_is_refused(data):
    assert refusal(data).code == "damaged_archive"


def test_a_count_that_lies_lets_no_long_directory_through():
    """The end says one file, or "see the ZIP64 record"; ``zipfile`` asks neither."""
    data = bytearray(zipped({f"{n}.jpg": b"" for n in range(5000)}, method=zipfile.ZIP_STORED))
    end = data.rfind(b"PK\x05\x06")
    for count in (1, 0xFFFF):
        data[end + 8 : end + 12] = struct.pack("<HH", count, count)
        error = refusal(bytes(data))
        assert (error.status, error.code) == (413, "too_many_files")
        assert "5000" in str(error)


def test_a_directory_that_zip64_describes_is_held_to_the_same_limits(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)  # ZIP64 from here on
    data = zipped({f"{n}.jpg": b"" for n in range(5000)}, method=zipfile.ZIP_STORED)
    assert b"PK\x06\x06" in data
    assert refusal(data).code == "too_many_files"
    assert len(paths(zipped({f"{n}.jpg": b"" for n in range(20)}))) == 20


def test_a_directory_of_a_few_entries_with_endless_comments_is_refused(settings):
    settings.BATCH_MAX_FILES = 1
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for n in range(5):
            info = zipfile.ZipInfo(f"{n}.jpg")
            info.comment = bytes(0xFFFF)
            archive.writestr(info, b"")
    assert refusal(sink.getvalue()).code == "too_many_files"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_unpacks_as_a_whole_is_refused(method):
    assert refusal(zipped({"a.jpg": b"x" * 100}, method=method)).code == "unsupported_packing"


def test_a_zip_that_was_cut_short_is_refused():
    assert refusal(zipped({"a.jpg": b"x" * 100})[:-30]).code == "damaged_archive"


def test_packing_that_python_cannot_undo_is_refused():
    changed = bytearray(zipped({"a.jpg": b"x" * 10}))
    changed[changed.find(b"PK\x01\x02") + 10] = 99
    assert refusal(bytes(changed)).code == "unsupported_packing"


def test_a_zip_is_known_by_its_first_bytes():
    assert is_zip(io.BytesIO(zipped({"a": b""})))
    assert not is_zip(io.BytesIO(b"\xff\xd8\xff"))


@pytest.mark.parametrize("name", [b"", b"\0.jpg"])
def test_a_file_without_a_name_is_damage(name):
    placeholder = b"x" * 5
    data = zipped({"xxxxx": b"a"})
    if name:
        data = data.replace(placeholder, name)
    else:
        end = data.index(b"PK\1\2")
        central = bytearray(data)
        central[end + 28 : end + 30] = b"\0\0"
        del central[end + 46 : end + 51]
        at = central.index(b"PK\5\6")
        central[at + 12 : at + 16] = (at - end).to_bytes(4, "little")
        data = bytes(central)
    assert refusal(data).code == "damaged_archive"
