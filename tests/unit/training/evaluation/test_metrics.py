import numpy as np
import pytest
from skimage import color, metrics

from tests.support.pictures import astronaut
from training.evaluation.metrics import ciede2000, psnr, ssim


@pytest.fixture(scope="module")
def pair():
    truth = np.asarray(astronaut().resize((128, 96)))
    noise = np.random.default_rng(0).integers(-20, 21, truth.shape)
    return np.clip(truth + noise, 0, 255).astype(np.uint8), truth


def test_psnr_agrees_with_scikit_image(pair):
    result, truth = pair
    assert psnr(result, truth) == pytest.approx(metrics.peak_signal_noise_ratio(truth, result))


def test_psnr_is_capped_for_equal_pictures(pair):
    assert psnr(pair[1], pair[1]) == 50.0


def test_ssim_agrees_with_scikit_image(pair):
    result, truth = pair
    expected = metrics.structural_similarity(
        truth,
        result,
        channel_axis=-1,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
    )
    assert ssim(result, truth) == pytest.approx(expected, abs=1e-5)


def test_ciede2000_agrees_with_scikit_image():
    rng = np.random.default_rng(0)
    first, second = (
        np.stack([rng.uniform(0, 100, 2000), *rng.uniform(-100, 100, (2, 2000))], -1)
        for _ in range(2)
    )
    second[:500] = first[:500] + rng.normal(0, 2, (500, 3))
    second[500:520, 1:] = 0
    assert ciede2000(first, second) == pytest.approx(color.deltaE_ciede2000(first, second))
