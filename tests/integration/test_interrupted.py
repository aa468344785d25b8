"""A folder on the command line, interrupted by Ctrl-C and by a kill."""

from benchmarks import interrupted


def test_a_folder_that_is_interrupted_twice_comes_out_whole_and_nothing_is_made_anew():
    found = interrupted.color(30, {7, 22}, 48, 32, jobs=2)
    assert found["codes"] == [130, -9, 1]
    assert (found["results"], len(found["failed"])) == (28, 2)
    assert 0 < found["interrupted_at"][0] < found["interrupted_at"][1] < 28
    assert found["made_anew"] == []
    assert found["left_over"] == []
