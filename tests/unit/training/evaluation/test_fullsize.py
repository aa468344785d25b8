"""Large photos: coloured at their own size, and measured beside Pillow."""

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from colorizer.engine import Colorizer
from colorizer.models import SHIPPED
from tests.support.pictures import astronaut, encoded
from training.data.pictures import DataError, Picture
from training.evaluation import fullsize
from training.evaluation.fullsize import draw_points, with_colors
from training.evaluation.measure import measure
from training.evaluation.methods import ModelError, Subject, methods_of, open_subject
from training.evaluation.protocols import PROTOCOLS


@pytest.fixture(scope="module")
def photo():
    return Picture("colour_astronaut.jpg", encoded(astronaut(), "JPEG", quality=95))


@pytest.fixture(scope="module")
def rows(photo):
    return fullsize.play(photo, methods_of([open_subject(SHIPPED)]))


def psnr(rows, row):
    return [figures.get("psnr") for figures in rows[row][:3]]


@pytest.mark.slow
class TestPlay:
    def test_a_networks_figure_is_that_of_what_the_site_would_give(self, photo, rows):
        truth = np.asarray(photo.rgb())
        result = Colorizer.load(SHIPPED).colorize(truth, draw_points(photo.name, truth, 10))
        expected = peak_signal_noise_ratio(truth, result)
        assert psnr(rows, "rehue-4")[1] == pytest.approx(expected, abs=1e-6)

    def test_no_row_is_better_than_the_true_colours_at_its_size(self, rows):
        best = psnr(rows, "true 256 · bicubic")[0]
        assert best > psnr(rows, "true 128 · bicubic")[0]
        assert all(best > value for row in ("prior", "rehue-4") for value in psnr(rows, row))

    def test_ways_to_enlarge_stand_side_by_side(self, rows):
        assert {row.split(" · ")[1] for row in rows if row.startswith("true 256")} == {
            "bicubic",
            "bilinear",
            "lanczos",
        }
        assert psnr(rows, "rehue-4 · lanczos") != psnr(rows, "rehue-4")

    def test_every_row_fills_the_protocols_columns(self, rows):
        assert all(len(played) == len(PROTOCOLS["fullsize"].columns) for played in rows.values())

    def test_a_network_is_compared_with_pillow_on_the_same_file(self, rows):
        spent, pillow = rows["rehue-4"][-1], rows["pillow"][-1]
        assert spent["seconds_ratio"] == pytest.approx(spent["seconds"] / pillow["seconds"])
        assert spent["memory_ratio"] == pytest.approx(spent["memory"] / pillow["memory"])
        assert spent["seconds_ratio"] > 1
        assert rows["prior"][-1] == {}


def test_points_have_the_photos_colours_at_places_of_their_own(photo):
    truth = np.asarray(photo.rgb())
    ten, again, other = (draw_points(name, truth, 10) for name in ("a", "a", "b"))
    assert ten == again != other
    assert len(ten.hints) == 10
    assert len(draw_points("a", truth, 0).hints) == 0


def test_photos_without_true_colours_are_left_out():
    photos = [Picture(name, b"") for name in ("in/colour_a.jpg", "in/grey_b.jpg", "grey/c.jpg")]
    assert [photo.name for photo in with_colors(photos)] == ["in/colour_a.jpg", "grey/c.jpg"]
    with pytest.raises(DataError, match="true colours"):
        with_colors(photos[1:2])


class TestMeasure:
    def test_memory_is_that_of_the_work_and_not_of_whoever_asks(self):
        held = np.ones(400 * 2**20, np.uint8)  # a peak that ru_maxrss would inherit
        large = astronaut().resize((2400, 1600))
        memory = measure(encoded(large, "JPEG"), None)["memory"]
        assert 2400 * 1600 * 3 / 2**20 < memory < 200 < held.nbytes / 2**20

    def test_a_network_that_is_gone_is_named(self, tmp_path):
        with pytest.raises(ModelError, match="gone"):
            measure(encoded(astronaut(), "JPEG"), Subject("gone", tmp_path / "gone", "0" * 64))
