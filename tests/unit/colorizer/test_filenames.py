"""Names: made unique, and turned into results' names."""

import unicodedata

from colorizer.filenames import is_junk, result_names, unique
from colorizer.hintfiles import shown


def test_names_that_some_file_system_takes_for_the_same_get_a_number():
    assert unique(["a.jpg", "A.JPG", "b/a.jpg", "a.jpg"]) == [
        "a.jpg", "A (2).JPG", "b/a.jpg", "a (3).jpg",
    ]  # fmt: skip


def test_a_number_that_is_taken_is_passed_over():
    assert unique(["a (2).jpg", "a.jpg", "a.jpg"]) == ["a (2).jpg", "a.jpg", "a (3).jpg"]


def test_results_keep_their_folder_and_name():
    assert result_names(["x/1.tif", "x/1.jpg", "y/1.jpg"], "png") == [
        "x/1.tif.png", "x/1.jpg.png", "y/1.png",
    ]  # fmt: skip


def test_long_and_unprintable_names_are_shown_short_and_plain():
    assert shown("a\x1b[31m.jpg") == "a�[31m.jpg"
    assert len(shown("x" * 300 + ".jpg")) < 90


def test_results_of_names_that_differ_in_case_or_normal_form_alone_are_apart():
    names = ["IMG.JPG", "img.jpg", "Zu\u0308rich.jpg", "z\u00fcrich.png"]
    results = result_names(names, "png")
    assert len({unicodedata.normalize("NFC", one).casefold() for one in results}) == 4


def test_what_systems_leave_behind_is_no_photo():
    assert is_junk("._a.jpg")
    assert is_junk("__MACOSX/Album/._old.zip")
    assert is_junk("album/Thumbs.db")
    assert not is_junk("album/a.jpg")
