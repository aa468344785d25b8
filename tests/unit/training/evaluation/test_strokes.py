"""The simulated user paints where the result is furthest off, with nearly the right colour."""

import numpy as np
import pytest

from colorizer.color import rgb_to_lab
from colorizer.samplers import seeded
from tests.support.pictures import astronaut
from training.evaluation import strokes
from training.evaluation.methods import Method, methods_of
from training.evaluation.strokes import NEVER, draw_stroke, true_picture

RED, BLUE = (200, 40, 40), (40, 40, 200)


@pytest.fixture(scope="module")
def flag():
    """A picture of two halves: red on the left, blue on the right."""
    rgb = np.empty((80, 128, 3), np.uint8)
    rgb[:, :64], rgb[:, 64:] = RED, BLUE
    return rgb_to_lab(rgb)


def planes(lab):
    return np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))


def stroke(lab, ab, mask=None, key=0):
    empty = np.zeros((1, *ab.shape[1:]), np.float32)
    return draw_stroke(lab, ab, empty if mask is None else mask, seeded("test", key))


def test_it_starts_where_the_result_is_furthest_from_the_truth(flag):
    ab = planes(flag)
    ab[:, 40:60, 100:120] = 0  # left grey there, and right everywhere else
    x, y = stroke(flag, ab).points[0]
    assert (x * 128, y * 80) == (pytest.approx(110, abs=3), pytest.approx(50, abs=3))


def test_it_does_not_start_on_an_older_stroke(flag):
    ab = planes(flag)
    ab[:, 40:60, 100:120] = 0
    mask = np.zeros((1, 80, 128), np.float32)
    mask[:, 40:60, 100:120] = 1
    x, y = stroke(flag, ab, mask).points[0]
    assert not (40 <= y * 80 < 60 and 100 <= x * 128 < 120)


@pytest.mark.parametrize("key", range(8))
def test_it_stays_in_its_region_and_has_nearly_its_colour(flag, key):
    ab = planes(flag)
    ab[:, :, 64:] = 0
    hint = stroke(flag, ab, key=key)
    assert all(x >= 0.5 and 0 <= y <= 1 for x, y in hint.points)
    assert 0.005 <= hint.radius <= 0.02
    off = np.array(hint.ab) - flag[0, -1, 1:]
    assert 0 < np.hypot(*off) < 16


def test_strokes_are_walks_of_some_length(flag):
    ab = planes(flag)
    ab[:, 20:60, 80:110] = 0
    lengths = [len(stroke(flag, ab, key=key).points) for key in range(20)]
    assert len(set(lengths)) > 2
    assert max(lengths) <= 1 + 0.1 * 128 / 2 + 1


def test_the_same_key_gives_the_same_stroke_and_another_key_another(flag):
    ab = np.zeros((2, 80, 128), np.float32)
    assert stroke(flag, ab, key=1) == stroke(flag, ab, key=1) != stroke(flag, ab, key=2)


def test_a_picture_keeps_its_aspect():
    assert true_picture(astronaut().crop((0, 0, 400, 300))).shape == (192, 256, 3)


@pytest.fixture(scope="module")
def rows(pictures):
    truth = planes(rgb_to_lab(true_picture(pictures[0].rgb())))
    hints = []

    def watching(photo, ab, mask):
        hints.append(mask.copy())
        return np.zeros_like(ab)

    methods = methods_of([]) | {
        "perfect": Method(lambda photo, ab, mask: truth),
        "watching": Method(watching),
    }
    return strokes.play(pictures[0], methods) | {"hints": hints}


class TestGame:
    def test_each_stroke_adds_to_those_before(self, rows):
        covered = [mask.sum() for mask in rows["hints"]]
        assert covered[0] == 0
        assert len(covered) == 13
        assert covered == sorted(covered)
        assert covered[1] < covered[-1]

    def test_there_is_a_figure_for_each_stroke_and_each_goal(self, rows):
        assert ["psnr" in figures for figures in rows["levin"]] == [True] * 12 + [False] * 3

    def test_a_goal_counts_from_no_stroke_at_all_to_never(self, rows):
        goals = rows["perfect"][-3:]
        assert goals == [{"strokes": 0.0, "reached": 1.0}] * 3
        assert rows["grey"][-1] == {"strokes": float(NEVER), "reached": 0.0}

    def test_the_first_time_counts(self):
        assert strokes._until(28, [20, 25, 28.5, 27, 29])["strokes"] == 2

    def test_strokes_help_who_listens(self, rows):
        assert rows["prior"][11]["psnr"] > rows["prior"][0]["psnr"]
        assert len({figures["psnr"] for figures in rows["grey"][:12]}) == 1
