import numpy as np
import pytest
from skimage import color as reference

from colorizer.color import hex_to_lab, join_lightness, lab_to_rgb, rgb_to_lab, to_uint8


@pytest.fixture(scope="module")
def cube():
    """Every fifth level of each channel."""
    levels = np.arange(0, 256, 5, dtype=np.uint8)
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(-1, 1, 3)


def test_lab_agrees_with_scikit_image_over_the_rgb_cube(cube):
    expected = reference.rgb2lab(cube)
    assert np.abs(rgb_to_lab(cube) - expected).max() < 1e-3
    assert np.abs(rgb_to_lab(cube / 255.0) - expected).max() < 1e-3


def test_rgb_comes_back_to_the_same_byte(cube):
    assert (to_uint8(lab_to_rgb(rgb_to_lab(cube))) == cube).all()


@pytest.mark.filterwarnings("ignore:Conversion from CIE-LAB")
def test_colours_outside_the_gamut_clip_as_scikit_image_clips_them():
    rng = np.random.default_rng(0)
    lab = np.stack([rng.uniform(0, 100, 4000), *rng.uniform(-110, 110, (2, 4000))], -1)
    assert np.abs(lab_to_rgb(lab) - reference.lab2rgb(lab)).max() < 1e-3


def test_a_written_colour_has_the_lab_it_should():
    assert hex_to_lab("#7a4b2c") == pytest.approx((36.654, 16.684, 26.543), abs=1e-2)


class TestJoiningLightness:
    """True L with any ab: lightness is kept, also where the colour cannot be shown."""

    def test_keeps_lightness_whatever_the_colour(self):
        rng = np.random.default_rng(0)
        rgb = rng.integers(0, 256, (64, 64, 3), np.uint8)
        ab = rng.uniform(-110, 110, (64, 64, 2)).astype(np.float32)
        joined = join_lightness(rgb, ab)
        assert np.abs(rgb_to_lab(joined)[..., 0] - rgb_to_lab(rgb)[..., 0]).max() < 1

    def test_gives_a_picture_back_its_own_colours(self):
        rgb = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
        joined = join_lightness(rgb, rgb_to_lab(rgb)[..., 1:])
        assert np.abs(joined.astype(int) - rgb).max() <= 1

    def test_keeps_the_hue_of_a_colour_that_is_too_strong(self):
        grey = np.full((1, 1, 3), 230, np.uint8)
        _, a, b = rgb_to_lab(join_lightness(grey, np.array([[[60.0, 60.0]]], np.float32)))[0, 0]
        assert a > 5
        assert np.degrees(np.arctan2(b, a)) == pytest.approx(45, abs=3)
