import numpy as np

from colorizer.color import rgb_to_lab
from tests.support.pictures import astronaut
from training.learning.aging import age


def test_ages_differ_and_stay_in_range_and_the_picture_can_be_recognised():
    lightness = rgb_to_lab(np.asarray(astronaut().resize((64, 64))))[..., 0] / 100
    aged = [age(lightness, np.random.default_rng(seed)) for seed in range(20)]
    assert len({picture.tobytes() for picture in aged}) == 20
    for picture in aged:
        assert picture.dtype == np.float32
        assert picture.min() >= 0
        assert picture.max() <= 1
        assert np.ptp(picture) > 0.4
        assert np.corrcoef(picture.ravel(), lightness.ravel())[0, 1] > 0.8
