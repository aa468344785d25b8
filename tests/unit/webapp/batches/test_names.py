"""Names: made unique, and turned into results' names."""

from webapp.batches.names import outputs, shown, unique


def test_names_that_some_file_system_takes_for_the_same_get_a_number():
    assert unique(["a.jpg", "A.JPG", "b/a.jpg", "a.jpg"]) == [
        "a.jpg", "A (2).JPG", "b/a.jpg", "a (3).jpg",
    ]  # fmt: skip


def test_a_number_that_is_taken_is_passed_over():
    assert unique(["a (2).jpg", "a.jpg", "a.jpg"]) == ["a (2).jpg", "a.jpg", "a (3).jpg"]


def test_results_keep_their_folder_and_name():
    assert outputs(["x/1.tif", "x/1.jpg", "y/1.jpg"], "png") == [
        "x/1.png", "x/1 (2).png", "y/1.png",
    ]  # fmt: skip


def test_long_and_unprintable_names_are_shown_short_and_plain():
    assert shown("a\x1b[31m.jpg") == "a�[31m.jpg"
    assert len(shown("x" * 300 + ".jpg")) < 90
